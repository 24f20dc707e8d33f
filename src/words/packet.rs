//! What is wrong with a packet.

use crate::mqtt::limits::PROPERTIES_BYTES_MAX;
use crate::mqtt::packet::{Flaw, Oversize, Part, Property};
use crate::words::Language::{self, Chinese, English};
use crate::words::format::plural;

/// What is wrong with a packet, as a clause about "it".
pub fn flaw(flaw: Flaw, language: Language) -> String {
    match language {
        English => english(flaw),
        Chinese => chinese(flaw),
    }
}

/// Why a packet could not be written, as a clause.
pub fn oversize(Oversize(part): Oversize, language: Language) -> String {
    let part = self::part(part, language);
    match language {
        English => format!("its {part} is longer than MQTT allows"),
        Chinese => format!("“{part}”超出 MQTT 允许的长度"),
    }
}

fn english(flaw: Flaw) -> String {
    let part = |part| self::part(part, English);
    let property = |property| self::property(property, English);
    match flaw {
        Flaw::NoType => "its type is 0, which no packet has".to_owned(),
        Flaw::Flags { found, wanted: 0 } => format!("its flags are {found:#06b} and must be 0"),
        Flaw::Flags { found, wanted } => format!("its flags are {found:#06b} and must be {wanted:#06b}"),
        Flaw::LengthTooLong => "its length takes more than four bytes".to_owned(),
        Flaw::NumberTooLong(number) => format!("its {} takes more than four bytes", part(number)),
        Flaw::EndsWithin(within) => format!("it ends within its {}", part(within)),
        Flaw::TrailingBytes(1) => "1 byte follows its end".to_owned(),
        Flaw::TrailingBytes(bytes) => format!("{bytes} bytes follow its end"),
        Flaw::NotUtf8(text) => format!("its {} is not UTF-8", part(text)),
        Flaw::NoPacketId => "its packet identifier is 0".to_owned(),
        Flaw::PropertiesTooLong(bytes) => {
            format!("its properties take {bytes} bytes; this program reads at most {PROPERTIES_BYTES_MAX}")
        }
        Flaw::UnknownProperty(number) => {
            format!("it has a property {number:#04x}, which MQTT 5 does not know")
        }
        Flaw::RepeatedProperty(repeated) => format!("it has its {} twice", property(repeated)),
        Flaw::MisplacedProperty(misplaced) => {
            format!("it has a {}, which does not belong there", property(misplaced))
        }
        Flaw::PropertyValue(of, value) => format!("its {} is {value}", property(of)),
        Flaw::QoS3 => "its QoS is 3, which does not exist".to_owned(),
        Flaw::NoTopic => "its topic is empty".to_owned(),
        Flaw::NeedsMqtt5 => "only MQTT 5 has it".to_owned(),
        Flaw::OnlyClientsSend => "only clients send it".to_owned(),
        Flaw::OnlyBrokersSend => "only brokers send it".to_owned(),
        Flaw::NoProperties => "it has no properties, as if this were MQTT 3.1.1".to_owned(),
        Flaw::NoReasonCode => "it has no reason code".to_owned(),
        Flaw::GrantedQoS(qos) => format!("it grants QoS {qos}, which does not exist"),
        Flaw::Answers(count) => format!("it answers {} instead of one", filters(count)),
        Flaw::WrongAnswer { to, wanted } => {
            format!("it answers {} where {} must", to.name(), wanted.name())
        }
        Flaw::NoTopicFilter => "it has no topic filter".to_owned(),
        Flaw::SubscriptionOptions(options) => {
            format!("its subscription options are {options:#010b}, which no version knows")
        }
        Flaw::ProtocolName => "it is of another protocol".to_owned(),
        Flaw::ProtocolLevel(level) => format!("its protocol level is {level}"),
        Flaw::ConnectFlags(flags) => format!("its flags are {flags:#010b}, which no version allows"),
        Flaw::ReceiveMaximumExceeded(max) => {
            format!("more QoS 2 messages at once than the {max} of our receive maximum")
        }
        Flaw::TopicAlias { alias, alias_max: 0 } => {
            format!("its topic alias is {alias}, allowed were none")
        }
        Flaw::TopicAlias { alias, alias_max } => {
            format!("its topic alias is {alias}, allowed were 1 to {alias_max}")
        }
        Flaw::UnknownTopicAlias(alias) => {
            format!("its topic alias {alias} stands for no topic on this connection")
        }
        Flaw::TopicAliasesTooLong(bytes_max) => {
            format!("the topics behind its aliases take more than {bytes_max} bytes")
        }
        Flaw::TooLong { bytes, bytes_max } => {
            format!("it has {bytes} bytes; this program reads at most {bytes_max} of it")
        }
        Flaw::HeadTooLong => "its topic and properties are longer than itself".to_owned(),
        Flaw::HeadAboveLimit => {
            format!("its properties take more than the {PROPERTIES_BYTES_MAX} bytes that this program reads")
        }
        Flaw::Twice => "it came twice".to_owned(),
        Flaw::NotAskedFor => "the broker authenticates again, which was not asked for".to_owned(),
        Flaw::Text => "it is text".to_owned(),
    }
}

fn filters(count: usize) -> String {
    plural(count as u64, "topic filter", "topic filters")
}

fn chinese(flaw: Flaw) -> String {
    let part = |part| self::part(part, Chinese);
    let property = |property| self::property(property, Chinese);
    match flaw {
        Flaw::NoType => "类型为 0，没有这种报文".to_owned(),
        Flaw::Flags { found, wanted: 0 } => format!("标志为 {found:#06b}，应为 0"),
        Flaw::Flags { found, wanted } => format!("标志为 {found:#06b}，应为 {wanted:#06b}"),
        Flaw::LengthTooLong => "剩余长度超过四个字节".to_owned(),
        Flaw::NumberTooLong(number) => format!("“{}”超过四个字节", part(number)),
        Flaw::EndsWithin(within) => format!("报文在“{}”处中断", part(within)),
        Flaw::TrailingBytes(bytes) => format!("末尾多出 {bytes} 字节"),
        Flaw::NotUtf8(text) => format!("“{}”不是 UTF-8", part(text)),
        Flaw::NoPacketId => "报文标识符为 0".to_owned(),
        Flaw::PropertiesTooLong(bytes) => {
            format!("属性有 {bytes} 字节，本程序最多读取 {PROPERTIES_BYTES_MAX} 字节")
        }
        Flaw::UnknownProperty(number) => format!("含有 MQTT 5 中没有的属性 {number:#04x}"),
        Flaw::RepeatedProperty(repeated) => format!("“{}”出现了两次", property(repeated)),
        Flaw::MisplacedProperty(misplaced) => format!("含有不属于该报文的属性：{}", property(misplaced)),
        Flaw::PropertyValue(of, value) => format!("“{}”为 {value}", property(of)),
        Flaw::QoS3 => "QoS 为 3，没有这种 QoS".to_owned(),
        Flaw::NoTopic => "主题为空".to_owned(),
        Flaw::NeedsMqtt5 => "只有 MQTT 5 才有这种报文".to_owned(),
        Flaw::OnlyClientsSend => "只有客户端才会发送这种报文".to_owned(),
        Flaw::OnlyBrokersSend => "只有服务器才会发送这种报文".to_owned(),
        Flaw::NoProperties => "没有属性，如同 MQTT 3.1.1 的报文".to_owned(),
        Flaw::NoReasonCode => "没有原因码".to_owned(),
        Flaw::GrantedQoS(qos) => format!("授予的 QoS 为 {qos}，没有这种 QoS"),
        Flaw::Answers(count) => format!("回应了 {count} 个主题过滤器，而请求中只有一个"),
        Flaw::WrongAnswer { to, wanted } => {
            format!("它应答了 {}，而应由 {} 应答", to.name(), wanted.name())
        }
        Flaw::NoTopicFilter => "没有主题过滤器".to_owned(),
        Flaw::SubscriptionOptions(options) => format!("订阅选项为 {options:#010b}，任何版本都没有这种选项"),
        Flaw::ProtocolName => "属于其他协议".to_owned(),
        Flaw::ProtocolLevel(level) => format!("协议级别为 {level}"),
        Flaw::ConnectFlags(flags) => format!("标志为 {flags:#010b}，任何版本都不允许"),
        Flaw::ReceiveMaximumExceeded(max) => {
            format!("同时收到的 QoS 2 消息超过了我方的接收最大值 {max}")
        }
        Flaw::TopicAlias { alias, alias_max: 0 } => format!("主题别名为 {alias}，而未允许任何别名"),
        Flaw::TopicAlias { alias, alias_max } => format!("主题别名为 {alias}，允许的范围是 1 到 {alias_max}"),
        Flaw::UnknownTopicAlias(alias) => format!("主题别名 {alias} 在此连接上不代表任何主题"),
        Flaw::TopicAliasesTooLong(bytes_max) => format!("主题别名所代表的主题超过 {bytes_max} 字节"),
        Flaw::TooLong { bytes, bytes_max } => {
            format!("报文有 {bytes} 字节，本程序对此类报文最多读取 {bytes_max} 字节")
        }
        Flaw::HeadTooLong => "主题和属性比报文本身还长".to_owned(),
        Flaw::HeadAboveLimit => format!("属性超过本程序读取的 {PROPERTIES_BYTES_MAX} 字节"),
        Flaw::Twice => "收到了两次".to_owned(),
        Flaw::NotAskedFor => "服务器发起了未被请求的重新认证".to_owned(),
        Flaw::Text => "收到的是文本".to_owned(),
    }
}

/// What a part of a packet is called within a sentence.
pub fn part(part: Part, language: Language) -> &'static str {
    let (english, chinese) = match part {
        Part::ProtocolName => ("protocol name", "协议名"),
        Part::ProtocolLevel => ("protocol level", "协议级别"),
        Part::Flags => ("flags", "标志"),
        Part::KeepAlive => ("keep alive", "保活时间"),
        Part::ClientId => ("client ID", "客户端 ID"),
        Part::WillTopic => ("will's topic", "遗嘱主题"),
        Part::WillPayload => ("will's payload", "遗嘱载荷"),
        Part::Username => ("user name", "用户名"),
        Part::Password => ("password", "密码"),
        Part::ReasonCode => ("reason code", "原因码"),
        Part::Topic => ("topic", "主题"),
        Part::PacketId => ("packet identifier", "报文标识符"),
        Part::TopicFilter => ("topic filter", "主题过滤器"),
        Part::SubscriptionOptions => ("subscription options", "订阅选项"),
        Part::PropertyLength => ("property length", "属性长度"),
        Part::Properties => ("properties", "属性"),
        Part::PropertyId => ("property identifier", "属性标识符"),
        Part::Property(property) => return self::property(property, language),
        Part::Content => ("content", "内容"),
    };
    language.pick(english, chinese)
}

/// What a property is called within a sentence.
pub fn property(property: Property, language: Language) -> &'static str {
    let (english, chinese) = match property {
        Property::PayloadFormatIndicator => ("payload format indicator", "载荷格式指示"),
        Property::MessageExpiryInterval => ("message expiry interval", "消息过期时间"),
        Property::ContentType => ("content type", "内容类型"),
        Property::ResponseTopic => ("response topic", "响应主题"),
        Property::CorrelationData => ("correlation data", "对比数据"),
        Property::SubscriptionIdentifier => ("subscription identifier", "订阅标识符"),
        Property::SessionExpiryInterval => ("session expiry interval", "会话过期时间"),
        Property::AssignedClientIdentifier => ("assigned client identifier", "分配的客户端 ID"),
        Property::ServerKeepAlive => ("server keep alive", "服务器保活时间"),
        Property::AuthenticationMethod => ("authentication method", "认证方法"),
        Property::AuthenticationData => ("authentication data", "认证数据"),
        Property::RequestProblemInformation => ("request problem information", "请求问题信息"),
        Property::WillDelayInterval => ("will delay interval", "遗嘱延迟"),
        Property::RequestResponseInformation => ("request response information", "请求响应信息"),
        Property::ResponseInformation => ("response information", "响应信息"),
        Property::ServerReference => ("server reference", "服务器参考"),
        Property::ReasonString => ("reason string", "原因字符串"),
        Property::ReceiveMaximum => ("receive maximum", "接收最大值"),
        Property::TopicAliasMaximum => ("topic alias maximum", "主题别名最大值"),
        Property::TopicAlias => ("topic alias", "主题别名"),
        Property::MaximumQoS => ("maximum QoS", "最大 QoS"),
        Property::RetainAvailable => ("retain available", "保留可用"),
        Property::User => ("user property", "用户属性"),
        Property::MaximumPacketSize => ("maximum packet size", "最大报文长度"),
        Property::WildcardSubscriptionAvailable => ("wildcard subscription available", "通配符订阅可用"),
        Property::SubscriptionIdentifierAvailable => ("subscription identifier available", "订阅标识符可用"),
        Property::SharedSubscriptionAvailable => ("shared subscription available", "共享订阅可用"),
    };
    language.pick(english, chinese)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_is_a_clause_about_its_packet() {
        for (flaw, said) in [
            (Flaw::EndsWithin(Part::Topic), "it ends within its topic"),
            (Flaw::TrailingBytes(1), "1 byte follows its end"),
            (
                Flaw::RepeatedProperty(Property::PayloadFormatIndicator),
                "it has its payload format indicator twice",
            ),
            (Flaw::UnknownProperty(0x55), "it has a property 0x55, which MQTT 5 does not know"),
            (Flaw::Answers(2), "it answers 2 topic filters instead of one"),
            (Flaw::Flags { found: 1, wanted: 0 }, "its flags are 0b0001 and must be 0"),
        ] {
            assert_eq!(super::flaw(flaw, English), said);
        }
        assert_eq!(super::flaw(Flaw::NoType, Chinese), "类型为 0，没有这种报文");
    }
}
