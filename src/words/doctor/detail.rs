//! What was found in a step.

use crate::mqtt::link::ServerProperties;
use crate::mqtt::step::{Detail, HttpHeader};
use crate::words::Language;
use crate::words::certificate;
use crate::words::format::{count, plural};
use crate::words::language::say;

/// A finding in lines; a certificate or a CONNACK takes several.
pub(super) fn lines(detail: &Detail, l: Language) -> Vec<String> {
    match detail {
        Detail::Certificate { place, certificate } => {
            let lines = certificate::lines(certificate, l).into_iter();
            lines.map(|line| say!(l, "certificate {place}: {line}", "证书 {place}：{line}")).collect()
        }
        Detail::Server(server) => announced(server, l),
        _ => line(detail, l).into_iter().collect(),
    }
}

/// A finding that takes one line.
fn line(detail: &Detail, l: Language) -> Option<String> {
    Some(match detail {
        Detail::Certificate { .. } | Detail::Server(_) => return None,
        Detail::Address(ip) => ip.to_string(),
        Detail::From(local) => say!(l, "from {local}", "来自 {local}"),
        Detail::ProxyResolves => l.pick("the proxy resolves the host", "由代理解析主机名").to_owned(),
        Detail::AuthoritiesOfFile { count, path } => {
            let (authorities, path) = (self::authorities(*count, l), path.display());
            say!(l, "{authorities} trusted of {path}", "信任 {path} 中的 {authorities}")
        }
        Detail::AuthoritiesOfSystem { count, unreadable } => {
            let authorities = self::authorities(*count, l);
            match unreadable {
                0 => say!(l, "{authorities} of the system trusted", "信任系统的 {authorities}"),
                _ => say!(
                    l,
                    "{authorities} of the system trusted, {unreadable} not readable",
                    "信任系统的 {authorities}，另有 {unreadable} 个无法读取"
                ),
            }
        }
        Detail::CheckIsOff => {
            l.pick("the broker's certificate is not checked", "不检查服务器的证书").to_owned()
        }
        Detail::ClientCertificate(certificate) => certificate::client(certificate, l),
        Detail::KeyLog => l
            .pick(
                "the keys of this connection are written to the file in SSLKEYLOGFILE",
                "此连接的密钥会写入 SSLKEYLOGFILE 指定的文件",
            )
            .to_owned(),
        Detail::Encryption { version, cipher } => say!(l, "{version}, {cipher}", "{version}，{cipher}"),
        Detail::Alpn(name) => say!(l, "application protocol {name}", "应用层协议 {name}"),
        Detail::ClientCertificateWanted => {
            l.pick("the broker asked for a client certificate", "服务器请求了客户端证书").to_owned()
        }
        Detail::HeaderSent(header) => {
            let header = self::header(header, l);
            say!(l, "sent {header}", "已发送 {header}")
        }
        Detail::Status(status) => status.to_string(),
        Detail::Header(header) => self::header(header, l),
        Detail::Version(version) => format!("MQTT {}", version.name()),
        Detail::OwnClientId(own) => say!(l, "client ID {own}", "客户端 ID {own}"),
        Detail::OwnClientIdBeside { own, profile } => say!(
            l,
            "client ID {own}, so that a session with {profile} goes on",
            "客户端 ID {own}，不影响使用 {profile} 的会话"
        ),
        Detail::ProfileClientId(id) => say!(
            l,
            "client ID {id} of the profile: a connection that uses it was ended by this test",
            "连接配置的客户端 ID {id}：此测试已使正在使用它的连接断开"
        ),
        Detail::ProfileClientIdNext => l
            .pick(
                "perhaps only the profile's client ID is let in, which is tried next",
                "服务器可能只允许连接配置中的客户端 ID，接下来将尝试使用它",
            )
            .to_owned(),
        Detail::SessionPresent => {
            l.pick("the broker kept a session of this client ID", "服务器保留了此客户端 ID 的会话").to_owned()
        }
        Detail::Granted(qos) => {
            let qos = u8::from(*qos);
            say!(l, "granted up to QoS {qos}", "授予的最高 QoS 为 {qos}")
        }
        Detail::MessagesMeanwhile(messages) => {
            let (came, messages) = (plural(*messages, "message", "messages"), count(*messages));
            say!(l, "{came} came meanwhile", "在此期间收到了 {messages} 条消息")
        }
    })
}

fn header(header: &HttpHeader, l: Language) -> String {
    let HttpHeader { name, value } = header;
    let value = value.as_deref().unwrap_or(l.pick("(hidden)", "（已隐藏）"));
    format!("{name}: {value}")
}

fn authorities(count: usize, l: Language) -> String {
    match l {
        Language::English => plural(count as u64, "CA certificate", "CA certificates"),
        Language::Chinese => format!("{count} 个 CA 证书"),
    }
}

/// What the broker announced in CONNACK, a line for each property.
fn announced(server: &ServerProperties, l: Language) -> Vec<String> {
    let ServerProperties {
        assigned_client_id,
        packet_bytes_max,
        qos_max,
        retain_available,
        receive_max,
        keep_alive_s,
        session_expiry_s,
        wildcards_available,
        shared_available,
        identifiers_available,
        topic_alias_max,
        response_information,
        server_reference,
        reason_string,
        user_properties,
    } = server;
    let said = |name: (&'static str, &'static str), value: Option<String>| {
        value.map(|value| format!("{} {value}", l.pick(name.0, name.1)))
    };
    let number = |value: Option<u64>| value.map(|value| value.to_string());
    let available = |feature: (&'static str, &'static str), available: Option<bool>| {
        let available =
            if available? { l.pick(" available", "可用") } else { l.pick(" not available", "不可用") };
        Some(format!("{}{available}", l.pick(feature.0, feature.1)))
    };
    let lines = [
        reason_string.as_ref().map(|text| say!(l, "reason: {text}", "原因：{text}")),
        said(("assigned client ID", "分配的客户端 ID"), assigned_client_id.clone()),
        keep_alive_s.map(|seconds| {
            say!(l, "keep alive {seconds} s, by the broker's wish", "保活时间 {seconds} 秒，由服务器指定")
        }),
        session_expiry_s.map(|seconds| say!(l, "session expiry {seconds} s", "会话过期时间 {seconds} 秒")),
        said(("maximum QoS", "最大 QoS"), qos_max.map(|qos| u8::from(qos).to_string())),
        packet_bytes_max
            .map(|bytes| say!(l, "maximum packet size {bytes} bytes", "最大报文长度 {bytes} 字节")),
        said(("receive maximum", "接收最大值"), number(receive_max.map(Into::into))),
        said(("topic alias maximum", "主题别名最大值"), number(topic_alias_max.map(Into::into))),
        available(("retained messages", "保留消息"), *retain_available),
        available(("wildcard subscriptions", "通配符订阅"), *wildcards_available),
        available(("shared subscriptions", "共享订阅"), *shared_available),
        available(("subscription identifiers", "订阅标识符"), *identifiers_available),
        said(("response information", "响应信息"), response_information.clone()),
        server_reference.as_ref().map(|other| say!(l, "another server: {other}", "另一个服务器：{other}")),
    ];
    let properties = user_properties
        .iter()
        .map(|(name, value)| say!(l, "user property {name}: {value}", "用户属性 {name}：{value}"));
    lines.into_iter().flatten().chain(properties).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::QoS;

    #[test]
    fn what_the_broker_announces_is_a_line_each() {
        let server = ServerProperties {
            qos_max: Some(QoS::AtLeastOnce),
            topic_alias_max: Some(10),
            shared_available: Some(false),
            user_properties: vec![("region".to_owned(), "north".to_owned())],
            ..ServerProperties::default()
        };
        let expected = [
            "maximum QoS 1",
            "topic alias maximum 10",
            "shared subscriptions not available",
            "user property region: north",
        ];
        assert_eq!(lines(&Detail::Server(Box::new(server)), Language::English), expected);
    }

    #[test]
    fn a_hidden_header_says_that_it_is() {
        let header = HttpHeader { name: "Set-Cookie".to_owned(), value: None };
        assert_eq!(lines(&Detail::Header(header), Language::English), ["Set-Cookie: (hidden)"]);
    }
}
