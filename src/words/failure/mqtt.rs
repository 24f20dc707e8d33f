//! MQTT: CONNECT, authentication, packets that break the protocol, and how connections end.

use crate::mqtt::failure::{AuthenticationCause, MqttCause, Refusal, ScramCause, ScramField};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::Malformed;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;
use crate::words::language::say;
use crate::words::{self, Language};

pub(super) fn mqtt(cause: &MqttCause, l: Language) -> String {
    let text = match cause {
        MqttCause::Http => l.pick("the port speaks HTTP, not MQTT", "该端口使用 HTTP，而不是 MQTT"),
        MqttCause::Tls => l.pick("the port speaks TLS", "该端口使用 TLS"),
        MqttCause::NotMqtt => l.pick("the answer is not MQTT", "应答不是 MQTT"),
        MqttCause::ClosedBeforeConnack => {
            l.pick("the connection was closed without an answer", "未收到应答，连接就已被关闭")
        }
        MqttCause::NotConnack(kind) => {
            let kind = kind.name();
            return say!(l, "the answer is {kind} and not CONNACK", "应答是 {kind}，而不是 CONNACK");
        }
        MqttCause::Refused(refusal) => return refused(refusal, l),
        MqttCause::Authentication(cause) => return authentication(cause, l),
        MqttCause::Unsendable(oversize) => {
            let oversize = words::packet::oversize(*oversize, l);
            return say!(l, "CONNECT cannot be sent: {oversize}", "无法发送 CONNECT：{oversize}");
        }
        MqttCause::Closed => l.pick("closed by the broker without a reason", "服务器关闭了连接，未说明原因"),
        MqttCause::Disconnected(refusal) => return disconnected(refusal, l),
        MqttCause::Silent => l.pick(
            "the broker answered neither a ping nor anything else",
            "服务器既没有应答 PINGREQ，也没有发送任何数据",
        ),
        MqttCause::Malformed(malformed) => return broken(malformed, l),
        MqttCause::PacketTooLarge { kind, bytes, bytes_max } => {
            let kind = kind.name();
            return say!(
                l,
                "Packet too large: {kind} of {bytes} bytes; this connection allows {bytes_max}",
                "报文过大：{kind} 有 {bytes} 字节，而此连接最多允许 {bytes_max} 字节"
            );
        }
        MqttCause::SubscriptionRefused(why) => return words::rejection::rejection(why, l),
    };
    text.to_owned()
}

fn refused(refusal: &Refusal, l: Language) -> String {
    let Refusal { reason, version, server_reference } = refusal;
    let why = match (reason.code, version) {
        // Older brokers use this code for a wrong password too.
        (ReasonCode::NOT_AUTHORIZED, MqttVersion::V3_1 | MqttVersion::V3_1_1) => l
            .pick(
                "not authorized: the user name or the password is wrong, or this client is not let in",
                "未授权：用户名或密码错误，或者服务器不允许此客户端连接",
            )
            .to_owned(),
        _ => words::reason::refused_connection(reason, l),
    };
    referring(why, server_reference.as_deref(), l)
}

fn disconnected(refusal: &Refusal, l: Language) -> String {
    let Refusal { reason, server_reference, .. } = refusal;
    // The code of an orderly end, which a broker has no reason to send, and the only one of older versions.
    let why = if *reason == ReasonCode::SUCCESS.into() {
        l.pick("ended by the broker without a reason", "服务器结束了连接，未说明原因").to_owned()
    } else {
        let reason = words::reason::reason(reason, l);
        say!(l, "ended by the broker: {reason}", "服务器结束了连接：{reason}")
    };
    referring(why, server_reference.as_deref(), l)
}

/// With the other broker that this one names.
fn referring(why: String, reference: Option<&str>, l: Language) -> String {
    match reference {
        Some(reference) => say!(l, "{why}; it names {reference}", "{why}；它给出的服务器是 {reference}"),
        None => why,
    }
}

fn broken(malformed: &Malformed, l: Language) -> String {
    let flaw = words::packet::flaw(malformed.flaw, l);
    let packet = match (malformed.packet, l) {
        (None, Language::English) => "a packet".to_owned(),
        (None, Language::Chinese) => "报文".to_owned(),
        (
            Some(kind @ (PacketKind::Auth | PacketKind::UnsubAck | PacketKind::Unsubscribe)),
            Language::English,
        ) => {
            format!("an {}", kind.name())
        }
        (Some(kind), Language::English) => format!("a {}", kind.name()),
        (Some(kind), Language::Chinese) => format!(" {} ", kind.name()),
    };
    say!(
        l,
        "the broker sent {packet} that breaks the protocol: {flaw}",
        "服务器发送的{packet}违反协议：{flaw}"
    )
}

fn authentication(cause: &AuthenticationCause, l: Language) -> String {
    let text = match cause {
        AuthenticationCause::Scram(cause) => return scram(cause, l),
        AuthenticationCause::NotOffered => l.pick(
            "the broker asks for an authentication that was not offered",
            "服务器要求的认证方式客户端并未提供",
        ),
        AuthenticationCause::Continued(reason) => {
            let reason = words::reason::reason(reason, l);
            return say!(l, "the broker goes on with: {reason}", "服务器的后续应答是：{reason}");
        }
        AuthenticationCause::OtherMethod => {
            l.pick("the broker goes on with another authentication method", "服务器改用了另一种认证方法")
        }
        AuthenticationCause::MoreThanToken => {
            l.pick("the broker wants more than the token", "服务器要求的不止是令牌")
        }
        AuthenticationCause::Unsendable(oversize) => {
            let oversize = words::packet::oversize(*oversize, l);
            return say!(l, "AUTH cannot be sent: {oversize}", "无法发送 AUTH：{oversize}");
        }
    };
    text.to_owned()
}

fn scram(cause: &ScramCause, l: Language) -> String {
    let text = match cause {
        ScramCause::NoRandomNumbers => l.pick("the system has no random numbers", "系统无法提供随机数"),
        ScramCause::FieldMissing(field) => {
            let field = match field {
                ScramField::Nonce => l.pick("nonce", "随机数"),
                ScramField::Salt => l.pick("salt", "盐值"),
                ScramField::Iterations => l.pick("iteration count", "迭代次数"),
            };
            return say!(l, "the broker's challenge has no {field}", "服务器的质询中没有{field}");
        }
        ScramCause::Salt => {
            l.pick("the salt in the broker's challenge is not base64", "服务器质询中的盐值不是 base64")
        }
        ScramCause::Nonce => l.pick(
            "the nonce in the broker's challenge does not continue ours",
            "服务器质询中的随机数没有以客户端的随机数开头",
        ),
        ScramCause::Iterations { asked, min, max } => {
            return say!(
                l,
                "the broker asks for {asked:?} iterations; {min} to {max} are acceptable",
                "服务器要求 {asked:?} 次迭代，可接受的范围是 {min} 到 {max}"
            );
        }
        ScramCause::NotUtf8 => l.pick("the broker's answer is not UTF-8", "服务器的应答不是 UTF-8"),
        ScramCause::AfterEnd => {
            l.pick("the broker goes on after the end of the authentication", "认证结束后服务器仍在继续")
        }
        ScramCause::NoChallenge => l.pick("the broker skipped its challenge", "服务器跳过了质询"),
        ScramCause::Error(error) => {
            return say!(l, "the broker says {error:?}", "服务器返回的错误为 {error:?}");
        }
        ScramCause::NoSignature => {
            l.pick("the broker's last word is not a signature", "服务器最后发送的不是签名")
        }
        ScramCause::WrongSignature => l.pick(
            "the broker does not know the password: its signature is wrong",
            "服务器不知道密码：其签名错误",
        ),
        ScramCause::NoProof => {
            l.pick("the broker did not prove that it knows the password", "服务器没有证明它知道密码")
        }
    };
    text.to_owned()
}
