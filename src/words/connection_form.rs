//! The form of a connection. The names of its fields are those of the checks.
//!
//! What stands around one field is a [`FieldWords`], so that everything said about an option is in one place.

use crate::words::Language::{self, Chinese, English};
use crate::words::options::NONE;
use crate::words::{Label, format, label};

/// What stands around the field of an option, besides the option's name.
#[derive(Clone, Copy, Debug)]
pub struct FieldWords {
    /// Beside the field, where the form is shorter than the option's name.
    pub label: Option<Label>,
    /// In the field while it is empty.
    pub hint: Label,
    /// The tooltip.
    pub help: Option<Label>,
    /// Behind a number: what it counts.
    pub unit: Option<Label>,
    /// Said of what was typed instead of a number.
    pub not_a_number: Label,
}

/// No words at all: an example such as `/mqtt` is written the same in every language.
const fn same(text: &'static str) -> Label {
    label(text, text)
}

impl FieldWords {
    const EMPTY: Self =
        Self { label: None, hint: same(""), help: None, unit: None, not_a_number: NOT_A_NUMBER };

    const fn hint(hint: Label) -> Self {
        Self { hint, ..Self::EMPTY }
    }

    const fn help(help: Label) -> Self {
        Self { help: Some(help), ..Self::EMPTY }
    }
}

const NOT_A_NUMBER: Label = label("Enter a number.", "此处应为数字。");
const SECONDS: Label = label("seconds", "秒");
const PORT_RANGE: Label = label("A port is a number from 1 to 65535.", "端口是 1 到 65535 之间的数字。");

/// Heading of user name and password.
pub const LOG_IN: Label = label("Log in", "登录");
/// Heading of client ID and keep alive.
pub const SESSION: Label = label("Session", "会话");
/// Heading of the topic filters.
pub const SUBSCRIPTIONS: Label = label("Subscriptions", "订阅");
/// Section of the TLS options.
pub const SECURITY: Label = label("Security", "安全");
/// Section of the websocket options.
pub const WEBSOCKET: Label = label("Websocket", "WebSocket");
/// Section of the network options.
pub const NETWORK: Label = label("Network", "网络");
/// Section of the options that only MQTT 5 has.
pub const MQTT_5: Label = label("MQTT 5", "MQTT 5");
/// Section of enhanced authentication.
pub const AUTHENTICATION: Label = label("Authentication", "认证");
/// Section of the last will.
pub const LAST_WILL: Label = label("Last will", "遗嘱消息");
/// Section of the variables.
pub const VARIABLES: Label = label("Variables", "变量");
/// Section of what is always recorded.
pub const RECORDING: Label = label("Recording", "录制");
/// Check box that has each session recorded.
pub const ALWAYS_RECORD: Label = label("Always record", "始终录制");
/// Tooltip of [`ALWAYS_RECORD`].
pub const ALWAYS_RECORD_HELP: Label = label(
    "Writes every message of this connection to the disk, from the first message of each session on, into one recording",
    "从每次会话的第一条消息开始，将此连接的所有消息写入磁盘上的同一个录制内容",
);
/// How much of a recording is kept.
pub const KEEP_AT_MOST: Label = label("Keep at most", "最多保留");
/// How much of the disk stays free.
pub const LEAVE_FREE: Label = label("Leave free", "保留空闲空间");
/// Explains [`KEEP_AT_MOST`] and [`LEAVE_FREE`].
pub const KEEP_HELP: Label = label(
    "Beyond that the oldest part goes. Without room, recording stops, says so, and goes on when there is room.",
    "超出部分从最旧处删除。空间不足时会停止录制并提示，有空间后继续。",
);

/// How much of a recording is kept, in megabytes; 0 for everything.
pub fn disk_budget(megabytes_max: u64, language: Language) -> String {
    match (megabytes_max, language) {
        (0, Language::English) => "everything".to_owned(),
        (0, Language::Chinese) => "全部".to_owned(),
        (megabytes_max, _) => megabytes(megabytes_max),
    }
}

/// A size in megabytes.
pub fn megabytes(megabytes: u64) -> String {
    format::bytes(megabytes.saturating_mul(1_000_000))
}

/// Label of the list of variables.
pub const VARIABLES_LIST: Label = label("Names and values", "名称和值");
/// Names one variable.
pub const VARIABLE: Label = label("Variable", "变量");
/// What the variables are for.
pub const VARIABLES_HELP: Label = label(
    "A message that is published may contain {{name}}; the value is inserted when it is sent",
    "发布的消息中可以写 {{名称}}，发送时会替换为对应的值",
);
/// Heading of the variables whose values are in the keyring.
pub const SECRET_VARIABLES: Label = label("Secret variables", "机密变量");
/// What the secret variables are for.
pub const SECRET_VARIABLES_HELP: Label = label(
    "Their values are kept in the system's keyring alone: masked in the preview, and never in a file, in the history or in an export",
    "其值只保存在系统密钥环中：预览中被遮盖，不会出现在文件、历史或导出中",
);
/// Field for the name of a secret variable that is added.
pub const SECRET_VARIABLE_NAME: Label = label("Secret variable name", "机密变量名称");
/// Placeholder of [`SECRET_VARIABLE_NAME`].
pub const SECRET_VARIABLE_NAME_HINT: Label = label("name", "名称");
/// Field for the value of a secret variable that is added.
pub const SECRET_VARIABLE_VALUE: Label = label("Secret variable value", "机密变量的值");
/// Placeholder of [`SECRET_VARIABLE_VALUE`].
pub const SECRET_VARIABLE_VALUE_HINT: Label = label("value", "值");
/// Button that adds a secret variable.
pub const ADD_SECRET_VARIABLE: Label = label("Add secret variable", "添加机密变量");
/// Why a variable cannot be added: there is one of that name.
pub const VARIABLE_EXISTS: Label = label("There is a variable of this name", "已有同名变量");
/// Why a secret variable cannot be added: its name.
pub const SECRET_VARIABLE_NEEDS_NAME: Label = label(
    "A name begins with a letter and has letters, digits, _, - and .",
    "名称以字母开头，可包含字母、数字、_、- 和 .",
);
/// Why a secret variable cannot be added: its value.
pub const SECRET_VARIABLE_NEEDS_VALUE: Label = label("It has no value", "没有值");

/// Names the field for a new value of a secret variable.
pub fn value_of_secret_variable(name: &str, language: Language) -> String {
    match language {
        English => format!("Value of {name}"),
        Chinese => format!("{name} 的值"),
    }
}

/// Names the button that removes a secret variable.
pub fn remove_secret_variable(name: &str, language: Language) -> String {
    match language {
        English => format!("Remove secret variable {name}"),
        Chinese => format!("移除机密变量 {name}"),
    }
}

/// Label of the choice of the scheme.
pub const PROTOCOL: Label = label("Protocol", "协议");
/// Menu of known services.
pub const PRESETS: Label = label("Presets", "预设");
/// Tooltip of [`PRESETS`].
pub const PRESETS_HELP: Label =
    label("Sets the protocol and the port as a service wants them", "按服务商的要求设置协议和端口");
/// The host.
pub const HOST: FieldWords = FieldWords::hint(same("broker.example.org"));
/// Label of the socket file, which replaces the host.
pub const SOCKET_PATH: Label = label("Socket path", "套接字路径");
/// Placeholder of the socket file.
pub const SOCKET_PATH_HINT: Label = same("/run/mosquitto/mosquitto.sock");
/// The port.
pub const PORT: FieldWords = FieldWords { not_a_number: PORT_RANGE, ..FieldWords::hint(same("1883")) };
/// The path of a websocket.
pub const PATH: FieldWords = FieldWords::hint(same("/mqtt"));
/// Label of the choice of the MQTT version.
pub const MQTT_VERSION: Label = label("MQTT version", "MQTT 版本");
/// Tooltip of [`MQTT_VERSION`].
pub const MQTT_VERSION_HELP: Label = label(
    "auto: 5, and 3.1.1 where the broker does not speak 5",
    "自动：使用 5；服务器不支持 5 时使用 3.1.1",
);

/// Services with brokers, by the names that they give themselves.
pub mod preset {
    use super::same;
    use crate::words::{Label, label};

    /// Amazon's service.
    pub const AWS: Label = same("AWS IoT Core");
    /// Amazon's service where only the web's port is open.
    pub const AWS_443: Label = label("AWS IoT Core on port 443", "AWS IoT Core（443 端口）");
    /// EMQ's service.
    pub const EMQX: Label = same("EMQX Cloud");
    /// EMQ's service over websockets.
    pub const EMQX_WEBSOCKET: Label = label("EMQX Cloud, websocket", "EMQX Cloud（WebSocket）");
    /// HiveMQ's service.
    pub const HIVEMQ: Label = same("HiveMQ Cloud");
    /// HiveMQ's service over websockets.
    pub const HIVEMQ_WEBSOCKET: Label = label("HiveMQ Cloud, websocket", "HiveMQ Cloud（WebSocket）");
    /// The public test server of the Mosquitto project.
    pub const MOSQUITTO: Label = label("Mosquitto test server", "Mosquitto 测试服务器");
    /// The public test server of the Mosquitto project, encrypted.
    pub const MOSQUITTO_TLS: Label = label("Mosquitto test server, TLS", "Mosquitto 测试服务器（TLS）");
}

/// Tooltip of a service: the settings that it changes.
pub fn preset_help(scheme: &str, port: u16, language: Language) -> String {
    match language {
        English => format!("{scheme}, port {port}"),
        Chinese => format!("{scheme}，端口 {port}"),
    }
}

/// The user name.
pub const USERNAME: FieldWords = FieldWords::hint(NONE);
/// Placeholder of a secret that may be saved already and was not changed.
pub const UNCHANGED: Label = label("Unchanged", "未更改");
/// Shown in place of the field of a secret that is asked for at each connect.
pub const ASKED_FOR: Label = label("Asked for at each connect", "每次连接时询问");
/// Label of the choice where secrets are kept.
pub const KEEP_SECRETS: Label = label("Keep secrets", "保存密码");
/// Choice to keep secrets in the system's keyring.
pub const IN_KEYRING: Label = label("In the system's keyring", "在系统密钥环中");
/// Choice not to keep secrets.
pub const NOWHERE: Label = label("Nowhere: ask at each connect", "不保存：每次连接时询问");
/// Choice to keep secrets as plain text.
pub const IN_FILE: Label = label("In the profiles file", "在连接配置文件中");
/// Warning beside [`IN_FILE`].
pub const IN_FILE_WARNING: Label =
    label("Whoever can read the file can read the password.", "任何能读取该文件的人都能看到密码。");
/// Warning beside [`IN_KEYRING`] when there is no keyring.
pub const NO_KEYRING: Label = label(
    "There is no keyring here: what is secret is asked for at each connect.",
    "没有可用的系统密钥环：每次连接时会询问密码。",
);
/// Shown when the keyring could not even be asked.
pub const KEYRING_NOT_ASKED: Label = label("The keyring could not be reached", "无法访问系统密钥环");

/// Accessible name and tooltip of the eye behind a secret's field.
pub fn show_secret(shown: bool, secret: &str, language: Language) -> String {
    match (language, shown) {
        (English, true) => format!("Hide {secret}"),
        (English, false) => format!("Show {secret}"),
        (Chinese, true) => format!("隐藏{secret}"),
        (Chinese, false) => format!("显示{secret}"),
    }
}

/// The client ID.
pub const CLIENT_ID: FieldWords =
    FieldWords::hint(label("mqttree- and random digits, new each time", "mqttree- 加随机字符，每次不同"));
/// The keep alive.
pub const KEEP_ALIVE: FieldWords = FieldWords {
    unit: Some(SECONDS),
    not_a_number: label(
        "Keep alive is a number of seconds from 0 to 65535.",
        "保活时间是 0 到 65535 之间的秒数。",
    ),
    ..FieldWords::hint(same("60"))
};
/// Clean session.
pub const CLEAN_SESSION: FieldWords = FieldWords {
    label: Some(label("Clean session", "清除会话")),
    ..FieldWords::help(label(
        "The broker forgets subscriptions and waiting messages when the connection ends",
        "连接结束后，服务器不保留订阅和未投递的消息",
    ))
};

/// Label of the topic filters.
pub const TOPIC_FILTERS: Label = label("Topic filters", "主题过滤器");
/// Placeholder of a topic filter.
pub const TOPIC_FILTER_HINT: Label = label("Topic filter, such as plant/#", "主题过滤器，例如 plant/#");
/// Tooltip of the tick before a topic filter.
pub const SUBSCRIBE_HELP: Label = label(
    "Subscribed to at every connect; without the tick it is only kept",
    "每次连接时订阅；不勾选则仅保留在此",
);
/// Tooltip of the button that removes a subscription.
pub const REMOVE_SUBSCRIPTION: Label = label("Remove this subscription", "移除此订阅");
/// Button that adds the filter for the broker's statistics.
pub const ADD_SYS: Label = label("Add $SYS/#", "添加 $SYS/#");
/// Tooltip of [`ADD_SYS`].
pub const ADD_SYS_HELP: Label = label(
    "The broker's own figures. Some brokers refuse clients that ask for them",
    "服务器自身的统计数据。有些服务器会拒绝订阅它的客户端",
);
/// Shown when there is no subscription.
pub const NO_SUBSCRIPTION: Label = label(
    "Without a subscription nothing is received; publishing works.",
    "没有订阅就收不到消息；发布不受影响。",
);
/// Shown when no subscription is ticked.
pub const ALL_OFF: Label = label(
    "All subscriptions are off: nothing is received; publishing works.",
    "所有订阅均已关闭：收不到消息；发布不受影响。",
);
/// Accessible name of the choice which retained messages are sent.
pub const RETAIN_HANDLING: Label = label("Retain handling", "保留消息处理");
/// Error for a subscription identifier that is not a valid number.
pub const SUBSCRIPTION_IDENTIFIER_RANGE: Label = label(
    "A subscription identifier is a number from 1 to 268435455.",
    "订阅标识符是 1 到 268435455 之间的数字。",
);

/// Tooltip of the button that shows or hides the options of a subscription.
pub const fn more_options(are_shown: bool) -> Label {
    if are_shown {
        label("Fewer options of this subscription", "收起此订阅的选项")
    } else {
        label("More options of this subscription", "显示此订阅的更多选项")
    }
}

/// Accessible name of the button that shows or hides the options of a subscription.
pub fn more_options_of(filter: &str, are_shown: bool, language: Language) -> String {
    match (language, are_shown) {
        (English, true) => format!("Fewer options of {filter}"),
        (English, false) => format!("More options of {filter}"),
        (Chinese, true) => format!("收起 {filter} 的选项"),
        (Chinese, false) => format!("显示 {filter} 的更多选项"),
    }
}

/// Why a subscription has no options with this version of MQTT.
pub fn no_options(version: &str, language: Language) -> String {
    match language {
        English => format!("With MQTT {version} a subscription has no more options."),
        Chinese => format!("MQTT {version} 的订阅没有更多选项。"),
    }
}

/// Placeholder of the CA certificate.
pub const CA_CERTIFICATE_HINT: Label =
    label("The system's; or a PEM or DER file", "系统证书；或 PEM、DER 文件");
/// Placeholder of the client certificate.
pub const CLIENT_CERTIFICATE_HINT: Label = label("None; or PEM, DER, PKCS#12", "无；或 PEM、DER、PKCS#12");
/// Placeholder of the client key.
pub const CLIENT_KEY_HINT: Label =
    label("In the certificate's file; or PEM, DER", "在证书文件中；或 PEM、DER");
/// Button that opens the file dialog.
pub const BROWSE: Label = label("Browse…", "浏览…");

/// Accessible name of [`BROWSE`] behind a field.
pub fn browse_for(field: &str, language: Language) -> String {
    match language {
        English => format!("Browse for {field}…"),
        Chinese => format!("浏览“{field}”…"),
    }
}

/// Title of the question what to use a dropped file for. The fields follow as buttons.
pub fn use_file_as(name: &str, language: Language) -> String {
    match language {
        English => format!("Use {name} as"),
        Chinese => format!("将 {name} 用作"),
    }
}

/// Option to check the broker's certificate.
pub const VERIFY_CERTIFICATE: FieldWords = FieldWords {
    label: Some(label("Verify certificate", "验证证书")),
    ..FieldWords::help(label(
        "Whether the broker's certificate is checked: by whom it is signed, for which name, until when",
        "是否检查服务器证书：由谁颁发、用于哪个名称、有效期至何时",
    ))
};
/// Option to check that the broker's certificate is for its host.
pub const VERIFY_HOST: FieldWords = FieldWords {
    label: Some(label("Verify host name", "验证主机名")),
    ..FieldWords::help(label(
        "Whether the broker's certificate has to be for this host",
        "服务器证书是否必须属于此主机",
    ))
};
/// Shown when the name in the certificate is not checked.
pub const HOST_NOT_VERIFIED: Label = label(
    "Any server with a certificate from a trusted authority is accepted, and can read the password and all messages.",
    "任何持有受信任机构所颁发证书的一方都会被信任，并能读取密码和消息。",
);
/// Shown when certificate checking is off.
pub const NOT_VERIFIED: Label = label(
    "Any server is accepted, and can read the password and all messages.",
    "任何应答者都会被信任，并能读取密码和消息。",
);
/// Tooltip of the server name.
pub const SERVER_NAME_HELP: Label = label(
    "The name to ask for and to check in the certificate, if it is not the host",
    "要请求并在证书中核对的名称，与主机名不同时填写",
);
/// Tooltip of the application protocols.
pub const ALPN_HELP: Label =
    label("Application protocols to offer, separated by commas", "要提供的应用层协议，以逗号分隔");
/// Accessible name of the menu of application protocols.
pub const ALPN_PRESETS: Label = label("ALPN presets", "ALPN 预设");
/// The application protocol that most brokers expect.
pub const ALPN_MQTT: Label = same("mqtt");
/// The application protocol that Amazon expects.
pub const ALPN_AWS: Label =
    label("x-amzn-mqtt-ca, AWS IoT on port 443", "x-amzn-mqtt-ca，AWS IoT 的 443 端口");
/// Label of the choice of TLS versions.
pub const TLS_VERSION: Label = label("TLS version", "TLS 版本");

/// The sub-protocol of a websocket.
pub const SUBPROTOCOL: FieldWords = FieldWords {
    hint: NONE,
    ..FieldWords::help(label("mqtt; mqttv3.1 for some old brokers", "mqtt；某些旧服务器使用 mqttv3.1"))
};
/// Label of the headers.
pub const HEADERS: Label = label("Headers", "请求头");
/// Names one header.
pub const HEADER: Label = label("Header", "请求头");

/// The local address.
pub const LOCAL_ADDRESS: FieldWords = FieldWords {
    hint: label("The system chooses", "由系统选择"),
    ..FieldWords::help(label(
        "The address of this machine to connect from, where it has several",
        "本机有多个地址时，用于连接的地址",
    ))
};
/// Label of the choice of a proxy.
pub const PROXY: Label = label("Proxy", "代理");
/// The proxy's host.
pub const PROXY_HOST: FieldWords = FieldWords::hint(same("proxy.example.org"));
/// The proxy's port.
pub const PROXY_PORT: FieldWords = FieldWords { not_a_number: PORT_RANGE, ..FieldWords::hint(same("8080")) };
/// The proxy's user name.
pub const PROXY_USERNAME: FieldWords = FieldWords::hint(NONE);
/// How long connecting may take.
pub const CONNECT_TIMEOUT: FieldWords = FieldWords {
    unit: Some(SECONDS),
    not_a_number: label(
        "The timeout is a number of seconds from 1 to 65535.",
        "超时时间是 1 到 65535 之间的秒数。",
    ),
    ..FieldWords::hint(same("10"))
};
/// How long an answer may take.
pub const ANSWER_TIMEOUT: FieldWords = FieldWords {
    unit: Some(label("seconds, then twice as long to reconnect", "秒，两倍时间后重新连接")),
    ..CONNECT_TIMEOUT
};

/// How long the broker keeps the session.
pub const SESSION_EXPIRY: FieldWords = FieldWords {
    unit: Some(label("seconds after the connection", "秒（自连接断开起）")),
    not_a_number: label(
        "Session expiry is a number of seconds up to 4294967295, which is for ever.",
        "会话过期时间是不超过 4294967295 的秒数，4294967295 表示永不过期。",
    ),
    ..FieldWords::hint(NONE)
};
/// How many messages may be unacknowledged.
pub const RECEIVE_MAXIMUM: FieldWords = FieldWords {
    unit: Some(label("messages on their way at once", "条未确认的消息")),
    not_a_number: label(
        "The receive maximum is a number from 1 to 65535.",
        "接收最大值是 1 到 65535 之间的数字。",
    ),
    ..FieldWords::hint(same("65535"))
};
/// How large a packet may be.
pub const MAXIMUM_PACKET_SIZE: FieldWords = FieldWords {
    unit: Some(label("bytes", "字节")),
    not_a_number: label(
        "The maximum packet size is a number of bytes from 1 to 4294967295.",
        "最大报文长度是 1 到 4294967295 之间的字节数。",
    ),
    ..FieldWords::hint(label("No limit", "不限"))
};
/// How many topics may be a number.
pub const TOPIC_ALIAS_MAXIMUM: FieldWords = FieldWords {
    unit: Some(label("topics", "个主题")),
    not_a_number: label(
        "The topic alias maximum is a number from 0 to 65535.",
        "主题别名最大值是 0 到 65535 之间的数字。",
    ),
    ..FieldWords::hint(same("0"))
};
/// Whether the broker is asked for a topic for responses.
pub const REQUEST_RESPONSE_INFORMATION: FieldWords = FieldWords::help(label(
    "Asks the broker for a topic on which answers can reach this connection",
    "向服务器请求一个可用于接收响应的主题",
));
/// Whether the broker may say why.
pub const REQUEST_PROBLEM_INFORMATION: FieldWords = FieldWords::help(label(
    "Lets the broker say in words why something failed",
    "允许服务器用文字说明失败的原因",
));
/// Label of the user properties.
pub const USER_PROPERTIES: Label = label("User properties", "用户属性");
/// Names one user property of CONNECT.
pub const PROPERTY: Label = label("Property", "属性");

/// Label of the kind of authentication.
pub const AUTHENTICATION_METHOD_LABEL: Label = label("Method", "认证方式");
/// Accessible name of the kind of authentication.
pub const AUTHENTICATION_KIND: Label = label("Authentication kind", "认证方式");
/// Explains what SCRAM does.
pub const SCRAM_HELP: Label = label(
    "Proves that we know the password without sending it. Enter it above, with the user name.",
    "无需发送密码即可证明客户端知道密码。在上方输入用户名和密码。",
);
/// Label of the name of a token's method.
pub const METHOD_NAME: Label = label("Method name", "方法名称");
/// Placeholder of the name of a token's method.
pub const METHOD_NAME_HINT: Label = label("The broker's name for it", "服务器使用的名称");

/// The topic of the will.
pub const WILL_TOPIC: FieldWords = FieldWords {
    label: Some(label("Topic", "主题")),
    ..FieldWords::hint(label("None: there is no last will", "无：不使用遗嘱消息"))
};
/// Label of the payload of the will.
pub const WILL_PAYLOAD: Label = label("Payload", "载荷");
/// Label of the QoS of the will.
pub const QOS: Label = label("QoS", "QoS");
/// Accessible name of the QoS of the will.
pub const WILL_QOS: Label = label("Will QoS", "遗嘱 QoS");
/// Whether the will is retained.
pub const RETAIN_WILL: FieldWords = FieldWords {
    label: Some(label("Retain the will", "保留遗嘱消息")),
    ..FieldWords::help(label(
        "The broker keeps it for those who subscribe later",
        "服务器会为之后的订阅者保留此消息",
    ))
};
/// Warning when options of a will are set but its topic is empty.
pub const NO_WILL_TOPIC: Label = label("Without a topic there is no last will.", "没有主题就没有遗嘱消息。");
/// How long the broker waits with the will.
pub const WILL_DELAY: FieldWords = FieldWords {
    label: Some(label("Delay", "延迟")),
    unit: Some(label("seconds in which to reconnect", "秒，期间可重新连接")),
    not_a_number: label(
        "The delay is a number of seconds up to 4294967295.",
        "延迟是不超过 4294967295 的秒数。",
    ),
    ..FieldWords::hint(same("0"))
};
/// How long the will is delivered.
pub const WILL_EXPIRY: FieldWords = FieldWords {
    label: Some(label("Expiry", "过期时间")),
    unit: Some(SECONDS),
    not_a_number: label(
        "The expiry is a number of seconds up to 4294967295.",
        "过期时间是不超过 4294967295 的秒数。",
    ),
    ..FieldWords::hint(NONE)
};
/// Whether the will's payload is text.
pub const WILL_IS_TEXT: FieldWords =
    FieldWords::help(label("Says that the payload is UTF-8", "声明载荷为 UTF-8 文本"));
/// The content type of the will.
pub const WILL_CONTENT_TYPE: FieldWords = FieldWords {
    label: Some(label("Content type", "内容类型")),
    ..FieldWords::hint(label("None; such as text/plain", "无；例如 text/plain"))
};
/// The response topic of the will.
pub const WILL_RESPONSE_TOPIC: FieldWords = FieldWords {
    label: Some(label("Response topic", "响应主题")),
    ..FieldWords::hint(label("None; where an answer is expected", "无；期望收到响应的主题"))
};
/// The correlation data of the will.
pub const WILL_CORRELATION_DATA: FieldWords =
    FieldWords { label: Some(label("Correlation data", "对比数据")), ..FieldWords::hint(NONE) };
/// Names one user property of the will.
pub const WILL_PROPERTY: Label = label("Will property", "遗嘱属性");

/// Button that saves the connection and opens a session.
pub const CONNECT: Label = label("Connect", "连接");
/// Button that tests the connection step by step.
pub const TEST: Label = label("Test connection", "测试连接");
/// Tooltip of [`TEST`].
pub const TEST_HELP: Label = label(
    "Tries each step of the connection by itself and says how it went",
    "逐步尝试建立连接，并说明每一步的结果",
);
/// Button that saves the connection.
pub const SAVE: Label = label("Save", "保存");
/// Button that deletes the connection.
pub const DELETE: Label = label("Delete", "删除");
/// Button that duplicates the connection.
pub const DUPLICATE: Label = label("Duplicate", "创建副本");
/// Shown when everything was saved except for an invalid number.
pub const SAVED_BUT_FOR_A_NUMBER: Label =
    label("Saved, but for the number that is marked", "已保存，但标出的数字除外");
/// Shown when changes are not saved yet.
pub const NOT_SAVED: Label = label("Not saved yet", "尚未保存");
