//! Importing and exporting connections: what came over, what did not, and why.

use std::path::Path;

use crate::mqtt::check::Problem;
use crate::store::notice::{Remark, StoreError, Unwritable};
use crate::store::secrets::SecretError;
use crate::store::transfer::{Expected, FILE_BYTES_MAX, ImportError, Note, Source, TransferLoss};
use crate::words::Language::{self, Chinese, English};
use crate::words::connections::file_purpose;
use crate::words::format::{bytes, count, plural};
use crate::words::store::{self, connection_name};
use crate::words::{Label, check, label, secrets};

/// Title of the system's dialog that chooses a file to import.
pub const IMPORT: Label = label("Import connections", "导入连接");
/// Title of the system's dialog that chooses where an export goes.
pub const EXPORT: Label = label("Export connections", "导出连接");
/// The system's dialog for the file of a field did not open.
pub const NO_DIALOG_FOR_FIELD: Label = label(
    "The file dialog could not be opened\nType the path of the file into its field",
    "无法打开文件对话框\n可在对应的字段中输入文件路径",
);
/// The system's dialog for the file to import did not open.
pub const NO_DIALOG_FOR_IMPORT: Label = label(
    "The file dialog could not be opened\nDrop the file onto the window",
    "无法打开文件对话框\n可将文件拖放到窗口中",
);
/// The job that takes connections over ended without a word.
pub const NOT_IMPORTED: Label =
    label("The connections were not imported\nThe task failed", "未能导入连接\n任务失败");

/// One thing that does not come over as it is.
pub fn note(note: &Note, language: Language) -> String {
    match note {
        Note::Damage(damage) => store::damage(damage, language),
        Note::Remark(about) => remark(about, language),
        Note::NotABroker { id } => match language {
            English => format!("{id:?} is not a connection to an MQTT broker and is left out."),
            Chinese => format!("“{id}”不是到 MQTT 服务器的连接，已忽略。"),
        },
        Note::ConnectionsLimit { taken, found } => match language {
            English => format!("Only the first {taken} of {found} connections are imported."),
            Chinese => format!("共 {found} 个连接，仅导入前 {taken} 个。"),
        },
        Note::SubscriptionsLimit { taken, found } => match language {
            English => format!("Only the first {taken} of {found} subscriptions are imported."),
            Chinese => format!("共 {found} 个订阅，仅导入前 {taken} 个。"),
        },
        Note::Problem(Problem { field, issue }) => {
            let (field, issue) = (check::field(*field, language), check::issue(issue, language));
            match language {
                English => format!("{field}: {issue}"),
                Chinese => format!("{field}：{issue}"),
            }
        }
        Note::UnknownProtocol { taken } => {
            let taken = taken.scheme();
            match language {
                English => format!("Its protocol is not known here; it is taken as {taken}."),
                Chinese => format!("无法识别其协议，按 {taken} 处理。"),
            }
        }
        Note::FileDamaged(file) => {
            let file = file_purpose(*file).of(language);
            match language {
                English => format!("Its {file} is damaged and is left out."),
                Chinese => format!("{file}已损坏，已忽略。"),
            }
        }
        Note::JavaKeyStore(file) => {
            let file = file_purpose(*file).of(language);
            match language {
                English => format!("Its {file} is a Java key store, which cannot be read here."),
                Chinese => format!("{file}是 Java 密钥库，此处无法读取。"),
            }
        }
        Note::FilesElsewhere(source) => files_elsewhere(*source, language),
        Note::TooLong { key } => match language {
            English => format!("\"{key}\" is longer than 65,535 bytes and is left out."),
            Chinese => format!("“{key}”超过 65,535 字节，已忽略。"),
        },
        Note::WrongType { key, expected } => {
            let expected = self::expected(*expected, language);
            match language {
                English => format!("\"{key}\" is not {expected} and is left out."),
                Chinese => format!("“{key}”不是{expected}，已忽略。"),
            }
        }
        Note::Loss(loss) => self::loss(*loss).of(language).to_owned(),
    }
}

/// Something that is left out or changed.
const fn loss(loss: TransferLoss) -> Label {
    match loss {
        TransferLoss::Entry => {
            label("An entry that is no connection is left out.", "有一项不是连接，已忽略。")
        }
        TransferLoss::SettingsAndCharts => label(
            "Settings and charts of MQTT Explorer are not imported.",
            "MQTT Explorer 的设置和图表不会导入。",
        ),
        TransferLoss::Messages => label(
            "Received messages are not imported; sent ones become saved messages.",
            "收到的消息不会导入；发送过的消息会成为已保存的消息。",
        ),
        TransferLoss::Folders => label("Folders of connections are not imported.", "连接的文件夹不会导入。"),
        TransferLoss::Host => label(
            "Its host is not a valid one and may hold a password; it is left out.",
            "其主机不是有效的主机，且可能包含密码，已忽略。",
        ),
        TransferLoss::MadeUpClientId => label(
            "Its client ID was made up by MQTT Explorer; here a new one is made up each time.",
            "其客户端 ID 由 MQTT Explorer 自动生成；此处每次连接都会生成新的客户端 ID。",
        ),
        TransferLoss::TimedClientId => label(
            "MQTTX appends the time to its client ID at each connect; here it stays as it is.",
            "MQTTX 每次连接时会在客户端 ID 后附加时间；此处保持不变。",
        ),
        TransferLoss::Version => label(
            "Its version of MQTT is not known here; auto is taken.",
            "无法识别其 MQTT 版本，按自动处理。",
        ),
        TransferLoss::SubscriptionWithoutTopic => {
            label("A subscription without a topic is left out.", "有一个订阅没有主题，已忽略。")
        }
        TransferLoss::SubscriptionProperties => {
            label("User properties of its subscriptions are not imported.", "其订阅的用户属性不会导入。")
        }
        TransferLoss::ScramMethod => label(
            "Of the SCRAM methods only SCRAM-SHA-256 is supported here; its authentication is left out.",
            "此处仅支持 SCRAM-SHA-256 这一种 SCRAM 方法；其认证方式已忽略。",
        ),
        TransferLoss::DamagedUserProperties => {
            label("Its user properties are damaged and are left out.", "其用户属性已损坏，已忽略。")
        }
        TransferLoss::Programs => {
            label("Its decoder rules that start programs are left out.", "其中会启动程序的解码规则已忽略。")
        }
        TransferLoss::SomeUserProperties => label(
            "Some of its user properties are not text, or there are too many; they are left out.",
            "其部分用户属性不是文本或数量过多，已忽略。",
        ),
    }
}

/// A remark about our own file: what is not readable in it stays there and does not come over.
fn remark(remark: &Remark, language: Language) -> String {
    let Remark::NotAConnection { name, number, reason } = remark else {
        return store::remark(remark, language);
    };
    let name = connection_name(name.as_deref(), *number, language);
    match language {
        English => format!("{name} cannot be read: {reason}."),
        Chinese => format!("{name}无法读取：{reason}。"),
    }
}

fn files_elsewhere(source: Source, language: Language) -> String {
    let text = match source {
        Source::Mqttree => language.pick(
            "Its certificates are read from their files, which are not part of the export.",
            "其证书从各自的文件中读取，这些文件不包含在导出文件中。",
        ),
        Source::MqttExplorer | Source::Mqttx => {
            let program = source.name();
            return match language {
                English => format!(
                    "Its certificates are read from the files that {program} used, which are not part of the export."
                ),
                Chinese => format!("其证书从 {program} 所用的文件中读取，这些文件不包含在导出文件中。"),
            };
        }
    };
    text.to_owned()
}

const fn expected(expected: Expected, language: Language) -> &'static str {
    match expected {
        Expected::Text => language.pick("a text", "文本"),
        Expected::Flag => language.pick("yes or no", "“是”或“否”"),
        Expected::Number => language.pick("a number in the range that is allowed", "允许范围内的数字"),
        Expected::Object => language.pick("an object", "对象"),
        Expected::List => language.pick("a list", "列表"),
    }
}

/// Nothing can be had from a file: which, and why.
pub fn nothing_imported(file: &str, why: &str, language: Language) -> String {
    match language {
        English => format!("Nothing can be imported from {file}\n{why}"),
        Chinese => format!("无法从 {file} 导入\n{why}"),
    }
}

/// Why a file cannot be imported, and what to try instead, in two lines.
pub fn import_error(error: ImportError, language: Language) -> String {
    let why = match error {
        ImportError::TooLarge => language
            .pick("The file is too large for a list of connections", "文件过大，不像是连接列表")
            .to_owned(),
        ImportError::NotText => language.pick("The file is not text", "该文件不是文本").to_owned(),
        ImportError::Json { line, column } => match language {
            English => format!("Line {line}, column {column}: this is not JSON"),
            Chinese => format!("第 {line} 行第 {column} 列：不是 JSON"),
        },
        ImportError::Unknown => language
            .pick(
                "The file is not from mqttree, MQTT Explorer or MQTTX",
                "该文件不是 mqttree、MQTT Explorer 或 MQTTX 的文件",
            )
            .to_owned(),
        ImportError::Empty(source) => match language {
            English => format!("The file of {} holds no connection", source.name()),
            Chinese => format!("该 {} 文件不包含任何连接", source.name()),
        },
        ImportError::DatabaseDamaged => language.pick("The database is damaged", "数据库已损坏").to_owned(),
        ImportError::DatabaseUnknown => {
            language.pick("The database is not that of MQTTX", "该数据库不是 MQTTX 的数据库").to_owned()
        }
        ImportError::DatabaseUnreadable => {
            language.pick("The system stopped reading the database", "系统未能读完该数据库").to_owned()
        }
        ImportError::DatabaseBusy => {
            language.pick("MQTTX has not finished writing its database", "MQTTX 尚未写完其数据库").to_owned()
        }
    };
    let hint = match error {
        ImportError::TooLarge => {
            language.pick("Export the connections without their messages.", "导出不含消息的连接。")
        }
        ImportError::NotText | ImportError::Json { .. } | ImportError::Unknown => language.pick(
            "Choose a file that mqttree exported, the settings.json of MQTT Explorer, or the database or an export of MQTTX.",
            "选择 mqttree 导出的文件、MQTT Explorer 的 settings.json，或 MQTTX 的数据库或导出文件。",
        ),
        ImportError::Empty(_) => language.pick("Choose another file.", "选择其他文件。"),
        ImportError::DatabaseDamaged | ImportError::DatabaseUnknown | ImportError::DatabaseUnreadable => {
            language.pick(
                "Export the connections in MQTTX as JSON and import that file.",
                "在 MQTTX 中将连接导出为 JSON，然后导入该文件。",
            )
        }
        ImportError::DatabaseBusy => {
            language.pick("Open MQTTX once, close it and try again.", "打开一次 MQTTX，将其关闭后重试。")
        }
    };
    format!("{why}\n{hint}")
}

/// A file is larger than any list of connections.
pub fn larger_than_any_list(language: Language) -> String {
    let limit = bytes(FILE_BYTES_MAX as u64);
    match language {
        English => format!("It is larger than {limit}, so it is no list of connections"),
        Chinese => format!("文件大于 {limit}，不是连接列表"),
    }
}

/// The certificates of a connection cannot be kept.
pub fn certificates_not_kept(connection: &str, error: &StoreError, language: Language) -> String {
    let error = store::error(error, language);
    match language {
        English => {
            format!("Nothing was imported: the certificates of {connection:?} cannot be kept\n{error}")
        }
        Chinese => format!("未导入任何内容：无法保存“{connection}”的证书\n{error}"),
    }
}

/// Connections came over.
pub fn imported(connections: u64, language: Language) -> String {
    match language {
        English => format!("Imported {}", plural(connections, "connection", "connections")),
        Chinese => format!("已导入 {} 个连接", count(connections)),
    }
}

/// An export was written. `problem` is why the keyring's secrets are missing; `left_out`: secrets of websockets were.
pub fn exported(
    connections: u64,
    file: &Path,
    problem: Option<&SecretError>,
    left_out: bool,
    language: Language,
) -> String {
    let file = file.display();
    let done = match language {
        English => format!("Exported {} to {file}", plural(connections, "connection", "connections")),
        Chinese => format!("已将 {} 个连接导出到 {file}", count(connections)),
    };
    match problem {
        Some(problem) => {
            let (why, hint) = (secrets::error(problem, language), secrets::hint(problem, language));
            match language {
                English => format!("{done}\nPasswords from the keyring are not in it: {why}\n{hint}"),
                Chinese => format!("{done}\n其中不包含系统密钥环中的密码：{why}\n{hint}"),
            }
        }
        None if left_out => match language {
            English => format!(
                "{done}\nWebsocket headers that may hold secrets are empty in it, and queries are left out"
            ),
            Chinese => {
                format!("{done}\n其中可能包含机密信息的 WebSocket 请求头已清空，路径中的查询部分已略去")
            }
        },
        None => done,
    }
}

/// Nothing was exported: the connections cannot be written.
pub fn not_exported(reason: &Unwritable, language: Language) -> String {
    nothing_exported(&store::unwritable(reason, language), language)
}

/// Nothing was exported: the file cannot be written.
pub fn not_written(error: &StoreError, language: Language) -> String {
    nothing_exported(&store::error(error, language), language)
}

fn nothing_exported(why: &str, language: Language) -> String {
    match language {
        English => format!("Nothing was exported\n{why}"),
        Chinese => format!("未导出任何内容\n{why}"),
    }
}
