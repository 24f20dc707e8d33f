//! The connections page around the form: the list, the first view, and the dialogs of import and export.

use std::path::Path;

use crate::mqtt::options::SecretKind;
use crate::store::transfer::{FilePurpose, FoundConnection, Source};
use crate::words::Language::{self, Chinese, English};
use crate::words::format::{count, plural};
use crate::words::options::{list, secret_in_sentence};
use crate::words::{Label, label};

/// Shown in place of an empty name.
pub const UNNAMED: Label = label("Unnamed connection", "未命名的连接");
/// Shown in place of the address of a connection without a host.
pub const NO_HOST_YET: Label = label("no host yet", "尚未填写主机");
/// Title of the list.
pub const TITLE: Label = label("Connections", "连接");
/// Button that creates a connection.
pub const NEW: Label = label("New connection", "新建连接");
/// Button that opens the connections that were open when the program last ended.
pub const REOPEN: Label = label("Re-open last", "重新打开上次的连接");
/// Button that imports connections from a file.
pub const IMPORT: Label = label("Import…", "导入…");
/// Tooltip of [`IMPORT`].
pub const IMPORT_HELP: Label = label(
    "Takes connections over from MQTT Explorer, MQTTX or another mqttree",
    "从 MQTT Explorer、MQTTX 或其他 mqttree 导入连接",
);
/// Button that exports connections to a file.
pub const EXPORT: Label = label("Export…", "导出…");
/// Tooltip of [`EXPORT`].
pub const EXPORT_HELP: Label = label("Writes connections into a file", "将连接写入文件");

/// Headline of the page before there is a connection.
pub const FIRST: Label = label("Connect to a broker", "连接到服务器");
/// Explains what a connection is.
pub const FIRST_HELP: Label = label(
    "A connection keeps the broker's address, how to log in and what to subscribe to.",
    "连接保存了服务器的地址、登录方式和要订阅的主题。",
);

/// The field for an address.
pub const ADDRESS: Label = label("Address", "地址");
/// In that field while it is empty.
pub const ADDRESS_HINT: Label = label("mqtt://host:1883, or a host", "mqtt://主机:1883，或仅主机名");
/// Connects to the address in that field.
pub const CONNECT_NOW: Label = label("Connect now", "立即连接");
/// Starts the embedded broker.
pub const OPEN_DEMO: Label = label("Open the demo", "打开演示");
/// Tooltip of [`OPEN_DEMO`].
pub const OPEN_DEMO_HELP: Label = label(
    "A broker inside the program, with a simulated home and factory",
    "程序内置的服务器，带有模拟的住宅和工厂",
);
/// Heading of what was connected to before.
pub const RECENT: Label = label("Recent", "最近使用");
/// Entry of the first view above the list.
pub const START: Label = label("Start", "起始页");

/// Looks at the connections that another program has on this machine.
pub fn take_over_from(source: Source, language: Language) -> String {
    match language {
        English => format!("Take over the connections of {}…", source.name()),
        Chinese => format!("导入 {} 的连接…", source.name()),
    }
}

/// Below the first view: `keys` open the help.
pub fn first_foot(keys: &str, language: Language) -> String {
    match language {
        English => format!("{keys} lists the shortcuts"),
        Chinese => format!("按 {keys} 查看快捷键"),
    }
}

/// Notice that no field takes a dropped file because the connection has no TLS.
pub fn no_use_for_file(path: &Path, language: Language) -> String {
    let path = path.display();
    match language {
        English => format!(
            "{path} has no use here\nWithout TLS there are no certificates\nChoose mqtts or wss first"
        ),
        Chinese => format!("{path} 在此无法使用\n未启用 TLS，不使用证书\n需先选择 mqtts 或 wss"),
    }
}

/// Title of the dialog that asks what to export.
pub const EXPORT_TITLE: Label = label("Export connections", "导出连接");
/// Button that asks for the file.
pub const CHOOSE_FILE: Label = label("Choose file…", "选择文件…");
/// Option to export secrets as well.
pub const INCLUDE_PASSWORDS: Label = label("Include passwords", "包含密码");
/// Warning shown when [`INCLUDE_PASSWORDS`] is ticked.
pub const WITH_PASSWORDS: Label = label(
    "Passwords, passphrases and tokens will stand in the file as readable text. Whoever gets the file can log in with \
     them.",
    "密码、口令和令牌将以明文写入文件。任何拿到该文件的人都能用它们登录。",
);
/// Explains what is exported without secrets.
pub const WITHOUT_PASSWORDS: Label = label(
    "Certificates and keys stay where they are: the file names them and does not hold them.",
    "证书和私钥留在原处：文件只记录其路径，不包含其内容。",
);

/// The choice to export all connections.
pub fn all_connections(connections: usize, language: Language) -> String {
    match language {
        English => format!("All {connections} connections"),
        Chinese => format!("全部 {connections} 个连接"),
    }
}

/// The choice to export one connection.
pub fn only(name: &str, language: Language) -> String {
    match language {
        English => format!("Only {name:?}"),
        Chinese => format!("仅“{name}”"),
    }
}

/// Title of the dialog that shows the content of a file.
pub fn import_title(source: Source, language: Language) -> String {
    match language {
        English => format!("Import from {}", source.name()),
        Chinese => format!("从 {} 导入", source.name()),
    }
}

/// How many connections a file holds.
pub fn found_in(connections: u64, file: &str, language: Language) -> String {
    match language {
        English => format!("{} in {file}", plural(connections, "connection", "connections")),
        Chinese => format!("{file} 中有 {} 个连接", count(connections)),
    }
}

/// Button that imports the chosen connections.
pub fn import_chosen(connections: u64, language: Language) -> String {
    match language {
        English => format!("Import {}", plural(connections, "connection", "connections")),
        Chinese => format!("导入 {} 个连接", count(connections)),
    }
}

/// Option to choose all connections of a file.
pub const ALL: Label = label("All", "全部");

/// The address of a connection, and the user who logs in.
pub fn address_as(url: &str, username: &str, language: Language) -> String {
    match language {
        _ if username.is_empty() => url.to_owned(),
        English => format!("{url}  as {username}"),
        Chinese => format!("{url}  用户 {username}"),
    }
}

/// Remark that a saved connection has the same address.
pub fn same_address(name: &str, language: Language) -> String {
    match language {
        English => format!("{name:?} has this address already."),
        Chinese => format!("“{name}”已使用此地址。"),
    }
}

/// What is imported besides the address: `With 1 subscription, password`.
pub fn contents(found: &FoundConnection, language: Language) -> String {
    let subscriptions = found.profile.connect.subscriptions.len() as u64;
    let mut parts = vec![match language {
        English => plural(subscriptions, "subscription", "subscriptions"),
        Chinese => format!("{} 个订阅", count(subscriptions)),
    }];
    let secrets = SecretKind::ALL.into_iter().filter(|kind| !found.secrets.get(*kind).is_empty());
    parts.extend(secrets.map(|kind| secret_in_sentence(kind).of(language).to_owned()));
    parts.extend(found.files.iter().map(|file| file_purpose(file.purpose).of(language).to_owned()));
    if !found.messages.is_empty() {
        let messages = found.messages.len() as u64;
        parts.push(match language {
            English => plural(messages, "sent message", "sent messages"),
            Chinese => format!("{} 条发送过的消息", count(messages)),
        });
    }
    let parts = list(&parts, language);
    match language {
        English => format!("With {parts}"),
        Chinese => format!("包含 {parts}"),
    }
}

/// What a file is used for, within a sentence.
pub const fn file_purpose(purpose: FilePurpose) -> Label {
    match purpose {
        FilePurpose::CaCertificate => label("CA certificate", "CA 证书"),
        FilePurpose::ClientCertificate => label("client certificate", "客户端证书"),
        FilePurpose::ClientKey => label("client key", "客户端私钥"),
    }
}
