//! The words of the dialog that asks for secrets.

use crate::mqtt::options::SecretKind;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, label, options};

/// Button that continues to connect.
pub const CONNECT: Label = label("Connect", "连接");
/// Button that continues to the connection test.
pub const TEST: Label = label("Test connection", "测试连接");
/// Why secrets are asked for that may be in the keyring.
pub const KEYRING_FAILED: Label = label("The keyring could not be read", "无法读取系统密钥环");

/// Title when one secret is asked for.
pub fn secret_for(kind: SecretKind, name: &str, language: Language) -> String {
    let secret = options::secret(kind).of(language);
    match language {
        English => format!("{secret} for {name}"),
        Chinese => format!("{name} 的{secret}"),
    }
}

/// Title when several secrets are asked for.
pub fn log_in_to(name: &str, language: Language) -> String {
    match language {
        English => format!("Log in to {name}"),
        Chinese => format!("登录 {name}"),
    }
}

/// Who logs in where; without a user name, only where.
pub fn login(username: &str, url: &str, language: Language) -> String {
    match (username, language) {
        ("", _) => url.to_owned(),
        (_, English) => format!("{username} on {url}"),
        (_, Chinese) => format!("{username}，{url}"),
    }
}
