//! The fields of a connection, and what is wrong with them.

use crate::mqtt::check::{Field, Issue, Problem};
use crate::mqtt::limits::{FIELD_BYTES_MAX, PACKET_BYTES_MIN, SUBSCRIPTION_IDENTIFIER_MAX};
use crate::words::Language::{self, Chinese, English};
use crate::words::filter;

/// The name of a field, in the form and wherever else it is named.
pub fn field(field: Field, language: Language) -> &'static str {
    let (english, chinese) = match field {
        Field::Name => ("Name", "名称"),
        Field::Host => ("Host", "主机"),
        Field::Port => ("Port", "端口"),
        Field::Path => ("Path", "路径"),
        Field::Header(_) => ("Header", "请求头"),
        Field::Subprotocol => ("Sub-protocol", "子协议"),
        Field::BindAddress => ("Local address", "本地地址"),
        Field::ConnectTimeout => ("Connect timeout", "连接超时"),
        Field::AnswerTimeout => ("Answer timeout", "应答超时"),
        Field::ProxyHost => ("Proxy host", "代理主机"),
        Field::ProxyPort => ("Proxy port", "代理端口"),
        Field::ProxyUsername => ("Proxy username", "代理用户名"),
        Field::CaCertificate => ("CA certificate", "CA 证书"),
        Field::ClientCertificate => ("Client certificate", "客户端证书"),
        Field::ClientKey => ("Client key", "客户端私钥"),
        Field::ServerName => ("Server name", "服务器名称"),
        Field::Alpn => ("ALPN", "ALPN"),
        Field::Username => ("Username", "用户名"),
        Field::Authentication => ("Authentication", "认证方式"),
        Field::AuthenticationMethod => ("Authentication method", "认证方法"),
        Field::ClientId => ("Client ID", "客户端 ID"),
        Field::KeepAlive => ("Keep alive", "保活时间"),
        Field::SessionExpiry => ("Session expiry", "会话过期时间"),
        Field::ReceiveMaximum => ("Receive maximum", "接收最大值"),
        Field::MaximumPacketSize => ("Maximum packet size", "最大报文长度"),
        Field::TopicAliasMaximum => ("Topic alias maximum", "主题别名最大值"),
        Field::RequestResponseInformation => ("Request response information", "请求响应信息"),
        Field::RequestProblemInformation => ("Request problem information", "请求问题信息"),
        Field::UserProperty(_) => ("User property", "用户属性"),
        Field::WillTopic => ("Will topic", "遗嘱主题"),
        Field::WillPayload => ("Will payload", "遗嘱载荷"),
        Field::WillDelay => ("Will delay", "遗嘱延迟"),
        Field::WillPayloadIsText => ("Will payload is text", "遗嘱载荷为文本"),
        Field::WillMessageExpiry => ("Will expiry", "遗嘱过期时间"),
        Field::WillContentType => ("Will content type", "遗嘱内容类型"),
        Field::WillResponseTopic => ("Will response topic", "遗嘱响应主题"),
        Field::WillCorrelationData => ("Will correlation data", "遗嘱对比数据"),
        Field::WillUserProperty(_) => ("Will user property", "遗嘱用户属性"),
        Field::Subscription(_) => ("Topic filter", "主题过滤器"),
        Field::SubscriptionIdentifier(_) => ("Subscription identifier", "订阅标识符"),
        Field::Variable(_) => ("Variable", "变量"),
    };
    language.pick(english, chinese)
}

/// A field and what is wrong with it: `Client ID: MQTT allows no NUL character here.`
pub fn problem(problem: &Problem, language: Language) -> String {
    let (field, issue) = (field(problem.field, language), issue(&problem.issue, language));
    match language {
        English => format!("{field}: {issue}"),
        Chinese => format!("{field}：{issue}"),
    }
}

/// What is wrong with a field, and what would be right: one sentence.
pub fn issue(issue: &Issue, language: Language) -> String {
    match language {
        English => english(issue),
        Chinese => chinese(issue),
    }
}

fn english(issue: &Issue) -> String {
    let fixed = match issue {
        Issue::NameMissing => "Enter a name.",
        Issue::HostMissing => "Enter the broker's host name or address.",
        Issue::HostHasScheme => "Only the host belongs here, without mqtt:// and without the port.",
        Issue::HostHasSpaces => "A host name has no spaces.",
        Issue::HostHasBrackets => "Write an IPv6 address without brackets.",
        Issue::HostHasPort => "The port belongs in its own field.",
        Issue::HostImpossible => {
            "A host name has letters, digits, dots and hyphens, and at most 253 characters."
        }
        Issue::Port => "A port is a number from 1 to 65535.",
        Issue::Timeout => "Enter 1 second or more.",
        Issue::SocketsUnsupported => "This system has no socket files for MQTT; choose another protocol.",
        Issue::SocketPathMissing => {
            "Enter the path of the broker's socket file, such as /run/mosquitto.sock."
        }
        Issue::PathHasNul => "A path has no NUL character.",
        Issue::SocketPathTooLong { bytes, bytes_max } => {
            return format!("This path has {bytes} bytes; a socket file's has at most {bytes_max}.");
        }
        Issue::WebsocketPathStart => "A path begins with a slash, as in /mqtt.",
        Issue::WebsocketPathCharacters => {
            "A path has no spaces, no # and only ASCII; write others as in %20."
        }
        Issue::HeaderName => "A header's name has letters, digits and hyphens.",
        Issue::HeaderReserved(name) => return format!("{name} is set by the websocket itself."),
        Issue::HeaderValue => "A header's value has only printable ASCII characters.",
        Issue::Subprotocol => "A sub-protocol is one word, such as mqtt.",
        Issue::BindAddress => "Enter an IP address of this computer, such as 192.168.0.7 or fe80::1.",
        Issue::ProxyHostMissing => "Enter the proxy's host name or address.",
        Issue::ProxyUsernameHasControls => "A user name has no control characters.",
        Issue::ProxyUsernameTooLong(bytes) => return format!("This has {bytes} bytes; SOCKS5 allows 255."),
        Issue::ProxyUsernameHasColon => "HTTP allows no colon in a user name.",
        Issue::PathMissing => "The path is empty.",
        Issue::PathNotUtf8 => "This path cannot be kept: it is not UTF-8.",
        Issue::KeyWithoutCertificate => "A key alone proves nothing; choose its certificate too.",
        Issue::ServerName => "Enter a host name or an IP address, without a port.",
        Issue::Alpn => "Each name has 1 to 255 bytes.",
        Issue::ClientIdMissing => "Enter a client ID, or the broker cannot find the session it keeps.",
        Issue::ScramNeedsUsername => "SCRAM-SHA-256 needs a user name.",
        Issue::ScramNeedsMqtt5 => "SCRAM-SHA-256 needs MQTT 5; choose that version, or auto.",
        Issue::MethodMissing => "Enter the method by which the broker knows it.",
        Issue::ReceiveMaximum => "Enter a number from 1 to 65535.",
        Issue::MaximumPacketSize => {
            return format!("This is {PACKET_BYTES_MIN} bytes or more; not even CONNACK would fit.");
        }
        Issue::PlainOnTlsPort(port) => {
            return format!(
                "Brokers speak TLS on port {port}. Without TLS a password is sent in the clear; with mqtts or wss it is not."
            );
        }
        Issue::VariableName => {
            "A name begins with a letter, has letters, digits, _, - and ., and is no function's."
        }
        Issue::VariableTwice => "Another variable has this name.",
        Issue::HasNul => "MQTT allows no NUL character here.",
        Issue::TooLong(bytes) => return format!("This has {bytes} bytes; MQTT allows {FIELD_BYTES_MAX}."),
        Issue::Topic(why) => return filter::sentence(*why, English),
        Issue::SharedNoLocal => "A shared subscription cannot be \"no local\".",
        Issue::SubscriptionIdentifier => {
            return format!("Enter a number from 1 to {SUBSCRIPTION_IDENTIFIER_MAX}.");
        }
        Issue::NotSentWith(version) => {
            return format!("Only MQTT 5 has this: it is not sent with {}.", version.name());
        }
        Issue::ClientIdTooLongForV3_1 => "MQTT 3.1 allows 23 characters; some brokers refuse more.",
    };
    fixed.to_owned()
}

fn chinese(issue: &Issue) -> String {
    let fixed = match issue {
        Issue::NameMissing => "请输入名称。",
        Issue::HostMissing => "请输入服务器的主机名或地址。",
        Issue::HostHasScheme => "此处只填写主机，不含 mqtt:// 和端口。",
        Issue::HostHasSpaces => "主机名中不能有空格。",
        Issue::HostHasBrackets => "IPv6 地址不加方括号。",
        Issue::HostHasPort => "端口应填写在单独的字段中。",
        Issue::HostImpossible => "主机名由字母、数字、点和连字符组成，最多 253 个字符。",
        Issue::Port => "端口是 1 到 65535 之间的数字。",
        Issue::Timeout => "至少为 1 秒。",
        Issue::SocketsUnsupported => "此系统不支持用于 MQTT 的套接字文件，可选择其他协议。",
        Issue::SocketPathMissing => "请输入服务器套接字文件的路径，例如 /run/mosquitto.sock。",
        Issue::PathHasNul => "路径中不能有 NUL 字符。",
        Issue::SocketPathTooLong { bytes, bytes_max } => {
            return format!("此路径有 {bytes} 字节，套接字文件的路径最多 {bytes_max} 字节。");
        }
        Issue::WebsocketPathStart => "路径以斜杠开头，例如 /mqtt。",
        Issue::WebsocketPathCharacters => "路径中不能有空格和 #，只能使用 ASCII；其他字符应写成 %20 的形式。",
        Issue::HeaderName => "请求头名称由字母、数字和连字符组成。",
        Issue::HeaderReserved(name) => return format!("{name} 由 WebSocket 自行设置。"),
        Issue::HeaderValue => "请求头的值只能包含可打印的 ASCII 字符。",
        Issue::Subprotocol => "子协议是一个单词，例如 mqtt。",
        Issue::BindAddress => "请输入本机的 IP 地址，例如 192.168.0.7 或 fe80::1。",
        Issue::ProxyHostMissing => "请输入代理的主机名或地址。",
        Issue::ProxyUsernameHasControls => "用户名中不能有控制字符。",
        Issue::ProxyUsernameTooLong(bytes) => return format!("共 {bytes} 字节，SOCKS5 最多允许 255 字节。"),
        Issue::ProxyUsernameHasColon => "HTTP 不允许用户名中有冒号。",
        Issue::PathMissing => "路径为空。",
        Issue::PathNotUtf8 => "此路径不是 UTF-8，无法保存。",
        Issue::KeyWithoutCertificate => "只有私钥无法证明身份，需同时选择对应的证书。",
        Issue::ServerName => "请输入主机名或 IP 地址，不含端口。",
        Issue::Alpn => "每个名称为 1 到 255 字节。",
        Issue::ClientIdMissing => "请输入客户端 ID，否则服务器无法找到所保留的会话。",
        Issue::ScramNeedsUsername => "SCRAM-SHA-256 需要用户名。",
        Issue::ScramNeedsMqtt5 => "SCRAM-SHA-256 需要 MQTT 5，可选择该版本或自动。",
        Issue::MethodMissing => "请输入服务器所识别的认证方法。",
        Issue::ReceiveMaximum => "请输入 1 到 65535 之间的数字。",
        Issue::MaximumPacketSize => {
            return format!("至少为 {PACKET_BYTES_MIN} 字节，否则连 CONNACK 都放不下。");
        }
        Issue::PlainOnTlsPort(port) => {
            return format!(
                "服务器通常在端口 {port} 上使用 TLS。不使用 TLS 时，密码以明文发送；使用 mqtts 或 wss 则不会。"
            );
        }
        Issue::VariableName => "名称以字母开头，由字母、数字、_、- 和 . 组成，且不能与函数同名。",
        Issue::VariableTwice => "已有同名的变量。",
        Issue::HasNul => "MQTT 不允许此处有 NUL 字符。",
        Issue::TooLong(bytes) => return format!("共 {bytes} 字节，MQTT 最多允许 {FIELD_BYTES_MAX} 字节。"),
        Issue::Topic(why) => return filter::sentence(*why, Chinese),
        Issue::SharedNoLocal => "共享订阅不能使用 No Local。",
        Issue::SubscriptionIdentifier => {
            return format!("请输入 1 到 {SUBSCRIPTION_IDENTIFIER_MAX} 之间的数字。");
        }
        Issue::NotSentWith(version) => {
            return format!("仅 MQTT 5 支持此项，使用 MQTT {} 时不会发送。", version.name());
        }
        Issue::ClientIdTooLongForV3_1 => "MQTT 3.1 最多允许 23 个字符，更长时部分服务器会拒绝。",
    };
    fixed.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::filter::{InvalidTopic, TopicKind};
    use crate::mqtt::options::MqttVersion;

    #[test]
    fn a_problem_is_its_field_and_one_sentence() {
        let issue = Issue::Topic(InvalidTopic::Empty(TopicKind::Filter));
        let empty = Problem { field: Field::Subscription(0), issue };
        let said = "Topic filter: The topic filter is empty; it needs at least one character.";
        assert_eq!(problem(&empty, English), said);
        let unsent = Issue::NotSentWith(MqttVersion::V3_1_1);
        assert_eq!(super::issue(&unsent, English), "Only MQTT 5 has this: it is not sent with 3.1.1.");
    }
}
