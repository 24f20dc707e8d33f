//! Reason codes in words: what they mean, and what may help.

use crate::mqtt::reason::{Reason, ReasonCode};
use crate::mqtt::trace::PacketKind;
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, label};

/// What a code means (MQTT 5.0, 2.4) and what may help where it ends or refuses a connection.
struct Row {
    code: u8,
    means: Label,
    hint: Option<Label>,
}

const fn row(code: u8, english: &'static str, chinese: &'static str) -> Row {
    Row { code, means: label(english, chinese), hint: None }
}

impl Row {
    const fn hint(self, english: &'static str, chinese: &'static str) -> Self {
        Self { hint: Some(label(english, chinese)), ..self }
    }
}

const ROWS: &[Row] = &[
    row(0x00, "success", "成功"),
    row(0x04, "disconnected with will message", "断开连接并发布遗嘱消息"),
    row(0x10, "no matching subscribers", "没有匹配的订阅者"),
    row(0x11, "no subscription existed", "订阅不存在"),
    row(0x18, "continue authentication", "继续认证"),
    row(0x19, "re-authenticate", "重新认证"),
    row(0x80, "unspecified error", "未指明的错误")
        .hint("The broker's log may say more.", "服务器日志中可能有更多信息。"),
    row(0x81, "malformed packet", "报文格式错误")
        .hint("The broker's log may say more.", "服务器日志中可能有更多信息。"),
    row(0x82, "protocol error", "协议错误").hint(
        "The broker's log may say more; try another MQTT version.",
        "服务器日志中可能有更多信息；也可以换一个 MQTT 版本。",
    ),
    row(0x83, "implementation specific error", "实现特定的错误")
        .hint("The broker's log may say more.", "服务器日志中可能有更多信息。"),
    row(0x84, "unsupported protocol version", "不支持的协议版本")
        .hint("Choose another MQTT version, or auto.", "选择其他 MQTT 版本，或选择自动。"),
    row(0x85, "client identifier not valid", "客户端 ID 无效").hint(
        "Choose another client ID, or leave it empty for a random one.",
        "更换客户端 ID，或将其留空以使用随机 ID。",
    ),
    row(0x86, "bad user name or password", "用户名或密码错误")
        .hint("Check the user name and the password.", "检查用户名和密码。"),
    row(0x87, "not authorized", "未授权").hint(
        "Check the user name and the password, and whether the broker lets this client ID in.",
        "检查用户名和密码，以及服务器是否允许此客户端 ID 接入。",
    ),
    row(0x88, "server unavailable", "服务器不可用").hint(
        "The broker is running but not serving clients at the moment.",
        "服务器正在运行，但目前不提供服务。",
    ),
    row(0x89, "server busy", "服务器繁忙")
        .hint("The broker takes no more clients at the moment.", "服务器目前不再接受新的客户端。"),
    row(0x8A, "banned", "已被封禁")
        .hint("This client was banned by the broker's administrator.", "此客户端已被服务器管理员封禁。"),
    row(0x8B, "server shutting down", "服务器正在关闭").hint("It may be restarting.", "服务器可能正在重启。"),
    row(0x8C, "bad authentication method", "认证方法错误").hint(
        "Choose the authentication that the broker knows, or none.",
        "选择服务器支持的认证方式，或不使用认证。",
    ),
    row(0x8D, "keep alive timeout", "保活超时").hint(
        "The broker heard nothing for 1.5 times the keep alive; the network may be slow.",
        "服务器在 1.5 倍保活时间内没有收到任何数据；网络可能较慢。",
    ),
    row(0x8E, "session taken over", "会话被接管").hint(
        "Another client connected with the same client ID. Leave the client ID empty for a random one.",
        "另一个客户端使用相同的客户端 ID 建立了连接。将客户端 ID 留空即可使用随机 ID。",
    ),
    row(0x8F, "topic filter invalid", "主题过滤器无效")
        .hint("The broker does not accept one of the subscriptions.", "服务器不接受其中一个订阅。"),
    row(0x90, "topic name invalid", "主题名无效").hint(
        "The broker does not accept the topic of a published message.",
        "服务器不接受所发布消息的主题。",
    ),
    row(0x91, "packet identifier in use", "报文标识符已被占用"),
    row(0x92, "packet identifier not found", "报文标识符不存在"),
    row(0x93, "receive maximum exceeded", "超出接收最大值"),
    row(0x94, "topic alias invalid", "主题别名无效"),
    row(0x95, "packet too large", "报文过大")
        .hint("The message is larger than the broker allows.", "消息大小超出服务器的限制。"),
    row(0x96, "message rate too high", "消息速率过高")
        .hint("The broker limits how fast a client may send.", "服务器限制客户端的发送速率。"),
    row(0x97, "quota exceeded", "超出配额")
        .hint("The broker limits what this client may use.", "服务器限制此客户端可用的资源。"),
    row(0x98, "administrative action", "管理操作")
        .hint("The broker's administrator closed the connection.", "服务器管理员关闭了此连接。"),
    row(0x99, "payload format invalid", "载荷格式无效")
        .hint("The payload is not what its payload format indicator says.", "载荷与其载荷格式指示不符。"),
    row(0x9A, "retain not supported", "不支持保留消息")
        .hint("The broker keeps no retained messages.", "服务器不存储保留消息。"),
    row(0x9B, "QoS not supported", "不支持的 QoS").hint("Choose a lower QoS.", "选择较低的 QoS。"),
    row(0x9C, "use another server", "使用其他服务器")
        .hint("The broker asks to connect to another one for now.", "服务器要求暂时连接到另一台服务器。"),
    row(0x9D, "server moved", "服务器已迁移")
        .hint("The broker has moved to another address.", "服务器已迁移到其他地址。"),
    row(0x9E, "shared subscriptions not supported", "不支持共享订阅")
        .hint("Subscribe without $share.", "订阅时不使用 $share。"),
    row(0x9F, "connection rate exceeded", "超出连接速率限制")
        .hint("The broker limits how often a client may connect.", "服务器限制客户端的连接频率。"),
    row(0xA0, "maximum connect time", "超出最长连接时间")
        .hint("The broker limits how long a client may stay.", "服务器限制客户端的连接时长。"),
    row(0xA1, "subscription identifiers not supported", "不支持订阅标识符"),
    row(0xA2, "wildcard subscriptions not supported", "不支持通配符订阅")
        .hint("Subscribe to exact topics, without + and #.", "订阅确切的主题，不使用 + 和 #。"),
];

fn find(code: ReasonCode) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.code == code.0)
}

/// What a code means, as a clause.
pub fn code(code: ReasonCode, language: Language) -> String {
    match find(code) {
        Some(row) => row.means.of(language).to_owned(),
        None => unknown(code, language),
    }
}

/// A code that has no meaning in its packet, by its number.
pub fn unknown(code: ReasonCode, language: Language) -> String {
    match language {
        English => format!("reason code 0x{:02X}, which the specification does not know", code.0),
        Chinese => format!("规范中没有的原因码 0x{:02X}", code.0),
    }
}

/// What a refusing CONNACK says. Codes of success say other things in other packets; here they have no meaning.
pub fn refused_connection(reason: &Reason, language: Language) -> String {
    if reason.code.is_failure() {
        return self::reason(reason, language);
    }
    with_note(unknown(reason.code, language), reason.note.as_deref(), language)
}

/// What may help when a code ends or refuses a connection: a sentence, or nothing.
pub fn hint(code: ReasonCode, language: Language) -> Option<&'static str> {
    Some(find(code)?.hint?.of(language))
}

/// What a code means and what the broker added to it: `not authorized (acl)`.
pub fn reason(reason: &Reason, language: Language) -> String {
    let Reason { code, note } = reason;
    with_note(self::code(*code, language), note.as_deref(), language)
}

fn with_note(means: String, note: Option<&str>, language: Language) -> String {
    match (note, language) {
        (None, _) => means,
        (Some(note), English) => format!("{means} ({note})"),
        (Some(note), Chinese) => format!("{means}（{note}）"),
    }
}

/// What the code of a packet means, as it was sent by whichever version: the return codes of MQTT 3 are other numbers.
pub fn of_packet(kind: PacketKind, sent: u8, language: Language) -> String {
    match (kind, sent) {
        (PacketKind::ConnAck, 1..=5) => code(ReasonCode::of_connack(sent), language),
        (PacketKind::ConnAck, 6..=0x7F) => unknown(ReasonCode(sent), language),
        (PacketKind::SubAck, 0..=2) => match language {
            English => format!("granted QoS {sent}"),
            Chinese => format!("授予 QoS {sent}"),
        },
        (PacketKind::Disconnect, 0) => language.pick("normal disconnection", "正常断开").to_owned(),
        _ => code(ReasonCode(sent), language),
    }
}

/// A reason followed by its code.
pub fn with_code(reason: &str, code: u8, language: Language) -> String {
    match language {
        English => format!("{reason} (0x{code:02x})"),
        Chinese => format!("{reason}（0x{code:02x}）"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_and_in_order() {
        assert!(ROWS.is_sorted_by(|a, b| a.code < b.code));
    }

    #[test]
    fn a_code_means_what_its_packet_makes_of_it() {
        for (kind, code, words) in [
            (PacketKind::ConnAck, 0, "success"),
            (PacketKind::ConnAck, 1, "unsupported protocol version"),
            (PacketKind::ConnAck, 4, "bad user name or password"),
            (PacketKind::ConnAck, 5, "not authorized"),
            (PacketKind::ConnAck, 0x10, "reason code 0x10, which the specification does not know"),
            (PacketKind::ConnAck, 0x86, "bad user name or password"),
            (PacketKind::SubAck, 2, "granted QoS 2"),
            (PacketKind::SubAck, 0x87, "not authorized"),
            (PacketKind::PubAck, 0x10, "no matching subscribers"),
            (PacketKind::Disconnect, 0, "normal disconnection"),
            (PacketKind::Disconnect, 0x8E, "session taken over"),
        ] {
            assert_eq!(of_packet(kind, code, English), words, "{code:#x}");
        }
    }

    #[test]
    fn the_brokers_own_words_are_added_and_unknown_codes_have_their_number() {
        let refused = Reason::new(ReasonCode::NOT_AUTHORIZED, Some("acl"));
        assert_eq!(reason(&refused, English), "not authorized (acl)");
        assert_eq!(reason(&refused, Chinese), "未授权（acl）");
        let unknown = "reason code 0x7F, which the specification does not know";
        assert_eq!(reason(&ReasonCode(0x7F).into(), English), unknown);
    }
}
