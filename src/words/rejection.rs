//! Why something was not published or subscribed to, and what a broker does not allow.

use crate::mqtt::link::{Rejection, Restriction};
use crate::mqtt::reason::{Reason, ReasonCode};
use crate::words::Language::{self, Chinese, English};
use crate::words::{filter, format, packet, reason};

/// Why a request was not accepted, as a clause: `not authorized (acl)`.
pub fn rejection(why: &Rejection, language: Language) -> String {
    let text = match (why, language) {
        (Rejection::Broker(why), language) => return reason::reason(why, language),
        (Rejection::Oversize(oversize), language) => return packet::oversize(*oversize, language),
        (Rejection::Publish(why), language) => return filter::unpublishable(*why, language),
        (Rejection::PacketTooLarge { bytes, bytes_max }, English) => {
            return format!("it makes a packet of {bytes} bytes; the broker allows at most {bytes_max}");
        }
        (Rejection::PacketTooLarge { bytes, bytes_max }, Chinese) => {
            return format!("报文大小为 {bytes} 字节，服务器最多允许 {bytes_max} 字节");
        }
        (Rejection::QosMax(max), English) => {
            return format!("the broker takes messages at QoS {} at most", u8::from(*max));
        }
        (Rejection::QosMax(max), Chinese) => {
            return format!("服务器接收的消息最高为 QoS {}", u8::from(*max));
        }
        (Rejection::TopicAlias { alias, max: 0 }, English) => {
            return format!("the broker takes no topic aliases, and this is alias {alias}");
        }
        (Rejection::TopicAlias { alias, max: 0 }, Chinese) => {
            return format!("服务器不接受主题别名，而此消息使用别名 {alias}");
        }
        (Rejection::TopicAlias { alias, max }, English) => {
            return format!("the broker takes topic aliases from 1 to {max}, and this is {alias}");
        }
        (Rejection::TopicAlias { alias, max }, Chinese) => {
            return format!("服务器接受的主题别名为 1 至 {max}，而此消息使用别名 {alias}");
        }
        (Rejection::Unexplained, English) => {
            "refused by the broker; MQTT before 5 gives no reason, usually it is not authorized"
        }
        (Rejection::Unexplained, Chinese) => "服务器已拒绝；MQTT 5 之前的版本不提供原因，通常是未授权",
        (Rejection::NoPacketIdentifier, English) => "all 65,535 packet identifiers are in use",
        (Rejection::NoPacketIdentifier, Chinese) => "65,535 个报文标识符均已被占用",
        (Rejection::NoRetainedMessages, English) => "the broker keeps no retained messages",
        (Rejection::NoRetainedMessages, Chinese) => "服务器不支持保留消息",
        (Rejection::NoLocalIsShared, English) => "a shared subscription cannot have the option No local",
        (Rejection::NoLocalIsShared, Chinese) => "共享订阅不能使用 No Local 选项",
        (Rejection::NoSharedSubscriptions, English) => "the broker has no shared subscriptions",
        (Rejection::NoSharedSubscriptions, Chinese) => "服务器不支持共享订阅",
        (Rejection::NoSubscriptionIdentifiers, English) => "the broker has no subscription identifiers",
        (Rejection::NoSubscriptionIdentifiers, Chinese) => "服务器不支持订阅标识符",
        (Rejection::NoWildcards, English) => "the broker has no wildcards in subscriptions",
        (Rejection::NoWildcards, Chinese) => "服务器不支持通配符订阅",
    };
    text.to_owned()
}

/// What a broker added to a positive acknowledgement, if anything: `no matching subscribers`.
pub fn note(said: &Reason, language: Language) -> Option<String> {
    if said.code == ReasonCode::SUCCESS { said.note.clone() } else { Some(reason::reason(said, language)) }
}

/// The restrictions that a broker announces: `packets of 1,000 bytes at most, no retained messages`.
pub fn restrictions(list: &[Restriction], language: Language) -> String {
    let separator = language.pick(", ", "、");
    let parts: Vec<_> = list.iter().map(|one| restriction(*one, language)).collect();
    parts.join(separator)
}

fn restriction(one: Restriction, language: Language) -> String {
    let bytes = |max: u32| format::count(u64::from(max));
    match (one, language) {
        (Restriction::PacketBytesMax(max), English) => format!("packets of {} bytes at most", bytes(max)),
        (Restriction::PacketBytesMax(max), Chinese) => format!("报文最大 {} 字节", bytes(max)),
        (Restriction::QosMax(max), English) => format!("QoS {} at most", u8::from(max)),
        (Restriction::QosMax(max), Chinese) => format!("最高 QoS {}", u8::from(max)),
        (Restriction::NoRetainedMessages, English) => "no retained messages".to_owned(),
        (Restriction::NoRetainedMessages, Chinese) => "不支持保留消息".to_owned(),
        (Restriction::NoWildcards, English) => "no wildcards in subscriptions".to_owned(),
        (Restriction::NoWildcards, Chinese) => "不支持通配符订阅".to_owned(),
        (Restriction::NoSharedSubscriptions, English) => "no shared subscriptions".to_owned(),
        (Restriction::NoSharedSubscriptions, Chinese) => "不支持共享订阅".to_owned(),
        (Restriction::KeepAlive(seconds), English) => format!("a keep alive of {seconds} s"),
        (Restriction::KeepAlive(seconds), Chinese) => format!("保活时间 {seconds} 秒"),
    }
}
