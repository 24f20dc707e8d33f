//! What became of passwords and other secrets.

use crate::mqtt::options::SecretKind;
use crate::store::secrets::{KEYRING_VARIABLE, KeyringFault, KeyringTask, SecretError};
use crate::words::Language::{self, Chinese, English};
use crate::words::options::secret_in_sentence;

/// Why a secret could not be read or kept, in one line without a full stop.
pub fn error(error: &SecretError, language: Language) -> String {
    match error {
        SecretError::Unavailable(why) => {
            let why = fault(why, language);
            match language {
                English => format!("there is no keyring: {why}"),
                Chinese => format!("没有可用的系统密钥环：{why}"),
            }
        }
        SecretError::Variable { task, name, fault: why } => {
            let why = fault(why, language);
            match language {
                English => format!("the keyring did not {} the variable {name}: {why}", english(*task)),
                Chinese => format!("系统密钥环未能{}变量 {name}：{why}", chinese(*task)),
            }
        }
        SecretError::Refused { task, kind, fault: why } => {
            let (secret, why) = (secret_in_sentence(*kind).of(language), fault(why, language));
            match language {
                English => format!("the keyring did not {} the {secret}: {why}", english(*task)),
                Chinese => format!("系统密钥环未能{}{secret}：{why}", chinese(*task)),
            }
        }
    }
}

/// What may help against an error of the keyring.
pub fn hint(error: &SecretError, language: Language) -> &'static str {
    match error {
        SecretError::Unavailable(_) if cfg!(any(windows, target_os = "macos")) => {
            language.pick("mqttree asks for it at each connect.", "mqttree 会在每次连接时询问。")
        }
        SecretError::Unavailable(_) => language.pick(
            "mqttree asks for it at each connect. A keyring such as gnome-keyring, KWallet or KeePassXC is \
             used once it runs and mqttree is started again.",
            "mqttree 会在每次连接时询问。运行 gnome-keyring、KWallet 或 KeePassXC 等密钥环并重新启动 mqttree \
             后即可使用。",
        ),
        SecretError::Refused { .. } | SecretError::Variable { .. } => language
            .pick("Unlock the keyring and try again, or type it.", "解锁系统密钥环后重试，或手动输入。"),
    }
}

/// Notice that a secret could not be read or kept: why, and what may help.
pub fn notice(failed: &SecretError, language: Language) -> String {
    format!("{}\n{}", error(failed, language), hint(failed, language))
}

/// Notice that secret variables have no values, and why.
pub fn notice_of_variables(failed: &SecretError, language: Language) -> String {
    let why = error(failed, language);
    match language {
        English => format!("The secret variables have no values: {why}"),
        Chinese => format!("机密变量没有值：{why}"),
    }
}

/// Why the keyring was not asked: the task ended.
pub const fn task_failed(language: Language) -> &'static str {
    language.pick("The keyring could not be reached\nThe task failed", "未能访问系统密钥环\n任务失败")
}

/// Prompt for a secret on the terminal: `Password of ada`.
pub fn prompt(kind: SecretKind, username: &str, url: &str, language: Language) -> String {
    let what = match (kind, language) {
        (SecretKind::Password, English) => format!("Password of {username}"),
        (SecretKind::Password, Chinese) => format!("{username} 的密码"),
        (SecretKind::KeyPassphrase, _) => {
            language.pick("Passphrase of the client key", "客户端私钥的口令").to_owned()
        }
        (SecretKind::ProxyPassword, _) => language.pick("Password of the proxy", "代理的密码").to_owned(),
        (SecretKind::Token, _) => language.pick("Token", "令牌").to_owned(),
    };
    match language {
        English => format!("{what} for {url}: "),
        Chinese => format!("{what}（{url}）："),
    }
}

fn fault(fault: &KeyringFault, language: Language) -> String {
    match fault {
        KeyringFault::TurnedOff => match language {
            English => format!("{KEYRING_VARIABLE} is none"),
            Chinese => format!("{KEYRING_VARIABLE} 为 none"),
        },
        KeyringFault::NotRunning => language
            .pick("no program that keeps passwords is running", "没有正在运行的密码管理程序")
            .to_owned(),
        KeyringFault::NotText => {
            language.pick("what it keeps is not text", "其中保存的内容不是文本").to_owned()
        }
        KeyringFault::Damaged => language.pick("what it keeps is damaged", "其中保存的内容已损坏").to_owned(),
        KeyringFault::Ambiguous { entries } => match language {
            English => format!("it has {entries} entries for this connection"),
            Chinese => format!("其中有 {entries} 个属于此连接的条目"),
        },
        KeyringFault::System(text) => text.clone(),
    }
}

const fn english(task: KeyringTask) -> &'static str {
    match task {
        KeyringTask::Give => "give",
        KeyringTask::Keep => "keep",
        KeyringTask::Forget => "forget",
    }
}

const fn chinese(task: KeyringTask) -> &'static str {
    match task {
        KeyringTask::Give => "提供",
        KeyringTask::Keep => "保存",
        KeyringTask::Forget => "删除",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyring_that_is_turned_off_says_by_what() {
        let off = SecretError::Unavailable(KeyringFault::TurnedOff);
        assert_eq!(error(&off, English), "there is no keyring: MQTTREE_KEYRING is none");
        assert_eq!(error(&off, Chinese), "没有可用的系统密钥环：MQTTREE_KEYRING 为 none");
        assert!(hint(&off, English).starts_with("mqttree asks for it"));
    }

    #[test]
    fn a_refusal_names_the_secret() {
        let refused = SecretError::Refused {
            task: KeyringTask::Give,
            kind: SecretKind::Token,
            fault: KeyringFault::NotText,
        };
        assert_eq!(error(&refused, English), "the keyring did not give the token: what it keeps is not text");
        assert_eq!(error(&refused, Chinese), "系统密钥环未能提供令牌：其中保存的内容不是文本");
    }
}
