//! Why a topic, a topic filter or a whole message cannot be sent.

use crate::mqtt::filter::{InvalidTopic, TopicKind};
use crate::mqtt::publish::{LimitedBy, Unpublishable};
use crate::words::Language::{self, Chinese, English};
use crate::words::{format, packet};

fn kind(kind: TopicKind, language: Language) -> &'static str {
    match kind {
        TopicKind::Name => language.pick("the topic", "主题"),
        TopicKind::Filter => language.pick("the topic filter", "主题过滤器"),
    }
}

/// Why a topic or a topic filter cannot be sent, as a clause.
pub fn invalid(why: InvalidTopic, language: Language) -> String {
    let text = match why {
        InvalidTopic::Empty(what) => {
            let what = kind(what, language);
            return match language {
                English => format!("{what} is empty; it needs at least one character"),
                Chinese => format!("{what}为空，至少需要一个字符"),
            };
        }
        InvalidTopic::TooLong { kind: what, bytes } => {
            let what = kind(what, language);
            return match language {
                English => format!("{what} has {bytes} bytes; MQTT allows at most 65,535"),
                Chinese => format!("{what}有 {bytes} 字节，MQTT 最多允许 65,535 字节"),
            };
        }
        InvalidTopic::Nul { kind: what, at } => {
            let what = kind(what, language);
            return match language {
                English => format!("{what} contains a NUL character at byte {at}, which MQTT does not allow"),
                Chinese => format!("{what}的第 {at} 字节处有 NUL 字符，MQTT 不允许使用该字符"),
            };
        }
        InvalidTopic::WildcardInTopic(wildcard) => {
            return match language {
                English => {
                    format!("the topic contains the wildcard {wildcard}; a message goes to one exact topic")
                }
                Chinese => format!("主题中有通配符 {wildcard}；消息只能发布到一个确切的主题"),
            };
        }
        InvalidTopic::HashNotLast => {
            ("# must be the last level of the topic filter", "# 必须是主题过滤器的最后一个层级")
        }
        InvalidTopic::HashNotAlone => {
            ("# must stand alone in its level, like a/#", "# 必须独占一个层级，例如 a/#")
        }
        InvalidTopic::PlusNotAlone => {
            ("+ must stand alone in its level, like a/+/b", "+ 必须独占一个层级，例如 a/+/b")
        }
        InvalidTopic::ShareWithoutGroup => (
            "a shared subscription needs a group name: $share/group/filter",
            "共享订阅需要组名：$share/group/filter",
        ),
        InvalidTopic::ShareGroupWildcard => {
            ("the group name of a shared subscription cannot contain + or #", "共享订阅的组名不能包含 + 或 #")
        }
        InvalidTopic::ShareWithoutFilter => (
            "a shared subscription needs a topic filter after its group: $share/group/filter",
            "共享订阅的组名之后需要主题过滤器：$share/group/filter",
        ),
    };
    language.pick(text.0, text.1).to_owned()
}

/// The clause of [`invalid`] with a capital letter, to stand alone without a full stop.
pub fn capitalised(why: InvalidTopic, language: Language) -> String {
    format::capitalised(&invalid(why, language))
}

/// The clause of [`invalid`] as a sentence.
pub fn sentence(why: InvalidTopic, language: Language) -> String {
    capitalised(why, language) + language.pick(".", "。")
}

/// Why a message cannot be published, as a clause.
pub fn unpublishable(why: Unpublishable, language: Language) -> String {
    match why {
        Unpublishable::Topic(why) => invalid(why, language),
        Unpublishable::ResponseTopic(why) => {
            let why = invalid(why, language);
            match language {
                English => format!("the response topic cannot be sent: {why}"),
                Chinese => format!("响应主题无法发送：{why}"),
            }
        }
        Unpublishable::PropertyTooLong(property) => {
            let property = packet::property(property, language);
            match language {
                English => format!("the {property} cannot be sent: it is longer than 65,535 bytes"),
                Chinese => format!("{property}无法发送：长度超过 65,535 字节"),
            }
        }
        Unpublishable::PropertyHasNul(property) => {
            let property = packet::property(property, language);
            match language {
                English => format!("the {property} cannot be sent: it contains a NUL character"),
                Chinese => format!("{property}无法发送：其中有 NUL 字符"),
            }
        }
        Unpublishable::NeedsMqtt5 => language
            .pick(
                "properties need MQTT 5, and this connection speaks an older version",
                "属性需要 MQTT 5，而此连接使用的是较旧的版本",
            )
            .to_owned(),
        Unpublishable::TooLarge { bytes, bytes_max, by } => match language {
            English => {
                let by = match by {
                    LimitedBy::Mqtt => "MQTT allows",
                    LimitedBy::Broker => "the broker allows",
                };
                format!("the message makes a packet of {bytes} bytes; {by} at most {bytes_max}")
            }
            Chinese => {
                let by = match by {
                    LimitedBy::Mqtt => "MQTT ",
                    LimitedBy::Broker => "服务器",
                };
                format!("该消息的报文有 {bytes} 字节，{by}最多允许 {bytes_max} 字节")
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_follows_others_and_a_sentence_stands_alone() {
        let why = InvalidTopic::Empty(TopicKind::Name);
        assert_eq!(invalid(why, English), "the topic is empty; it needs at least one character");
        assert_eq!(sentence(why, English), "The topic is empty; it needs at least one character.");
        assert_eq!(sentence(why, Chinese), "主题为空，至少需要一个字符。");
    }

    #[test]
    fn a_packet_above_the_limit_is_named_with_both_sizes() {
        let why = Unpublishable::TooLarge { bytes: 109, bytes_max: 64, by: LimitedBy::Broker };
        let said = "the message makes a packet of 109 bytes; the broker allows at most 64";
        assert_eq!(unpublishable(why, English), said);
    }
}
