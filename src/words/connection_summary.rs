//! What is set in a section of a connection's form, in one line, for while the section is closed.

use std::path::Path;

use crate::mqtt::options::{Authentication, ConnectOptions, NetworkOptions, Protocol, TlsVersions, Will};
use crate::store::profiles::AutoRecording;
use crate::words::Language::{self, Chinese, English};
use crate::words::connection_form::megabytes;
use crate::words::format::{count, plural};
use crate::words::options::{self, capitalised, list};

/// Summary of the TLS options.
pub fn security(connect: &ConnectOptions, language: Language) -> String {
    let tls = &connect.tls;
    let mut parts = Vec::new();
    if !tls.verify {
        let text = language.pick("the broker's certificate is not verified", "不验证服务器证书");
        parts.push(text.to_owned());
    }
    if tls.verify && !tls.verify_host {
        parts.push(language.pick("the host name is not verified", "不验证主机名").to_owned());
    }
    match &connect.ca_certificate {
        Some(path) => parts.push(match language {
            English => format!("trusts {}", file_name(path)),
            Chinese => format!("信任 {}", file_name(path)),
        }),
        None if tls.verify => {
            parts.push(language.pick("trusts what the system trusts", "信任系统证书").to_owned());
        }
        None => {}
    }
    parts.extend(tls.client_certificate.as_deref().map(|path| match language {
        English => format!("shows {}", file_name(path)),
        Chinese => format!("出示 {}", file_name(path)),
    }));
    if !tls.server_name.is_empty() {
        parts.push(match language {
            English => format!("as {}", tls.server_name),
            Chinese => format!("服务器名称 {}", tls.server_name),
        });
    }
    if !tls.alpn.is_empty() {
        parts.push(format!("ALPN {}", tls.alpn.join(", ")));
    }
    if tls.versions != TlsVersions::Any {
        parts.push(format!("TLS {}", options::tls_versions(tls.versions).of(language)));
    }
    one_line(&parts, language)
}

/// Summary of the websocket options.
pub fn websocket(connect: &ConnectOptions, language: Language) -> String {
    let websocket = &connect.websocket;
    let mut parts = vec![match (websocket.subprotocol.as_str(), language) {
        ("", English) => "no sub-protocol".to_owned(),
        ("", Chinese) => "无子协议".to_owned(),
        (name, English) => format!("sub-protocol {name}"),
        (name, Chinese) => format!("子协议 {name}"),
    }];
    if !websocket.headers.is_empty() {
        let headers = websocket.headers.len() as u64;
        parts.push(match language {
            English => plural(headers, "header", "headers"),
            Chinese => format!("{} 个请求头", count(headers)),
        });
    }
    one_line(&parts, language)
}

/// Summary of the variables: their names.
pub fn variables(connect: &ConnectOptions, language: Language) -> String {
    let names = connect.variables.iter().map(|(name, _)| name).chain(&connect.secret_variables);
    let names: Vec<String> = names.filter(|name| !name.is_empty()).cloned().collect();
    if names.is_empty() {
        language.pick("Nothing set", "未设置").to_owned()
    } else {
        one_line(&names, language)
    }
}

/// Summary of what is always recorded.
pub fn recording(recording: &AutoRecording, language: Language) -> String {
    let AutoRecording { always, keep_mb, leave_free_mb } = *recording;
    if !always {
        return language.pick("Only when asked to", "仅在需要时").to_owned();
    }
    let free = megabytes(leave_free_mb);
    match (language, keep_mb) {
        (English, 0) => format!("Always, leaving {free} free"),
        (English, keep_mb) => format!("Always, the last {}, leaving {free} free", megabytes(keep_mb)),
        (Chinese, 0) => format!("始终录制，保留 {free} 空闲"),
        (Chinese, keep_mb) => format!("始终录制，最多 {}，保留 {free} 空闲", megabytes(keep_mb)),
    }
}

/// Summary of the network options.
pub fn network(connect: &ConnectOptions, language: Language) -> String {
    let network = &connect.network;
    let mut parts = Vec::new();
    if connect.protocol != Protocol::Unix {
        parts.push(match (&network.proxy, language) {
            (Some(proxy), English) => format!("through {} {}:{}", proxy.kind.name(), proxy.host, proxy.port),
            (Some(proxy), Chinese) => format!("经由 {} {}:{}", proxy.kind.name(), proxy.host, proxy.port),
            (None, English) => "direct".to_owned(),
            (None, Chinese) => "直接连接".to_owned(),
        });
        let from = &network.bind_address;
        if !from.is_empty() {
            parts.push(match language {
                English => format!("from {from}"),
                Chinese => format!("本地地址 {from}"),
            });
        }
    }
    let seconds = u64::from(network.connect_timeout_s);
    parts.push(match language {
        English => format!("{} to connect", plural(seconds, "second", "seconds")),
        Chinese => format!("连接超时 {} 秒", count(seconds)),
    });
    if network.answer_timeout_s != NetworkOptions::default().answer_timeout_s {
        let seconds = u64::from(network.answer_timeout_s);
        parts.push(match language {
            English => format!("{} to answer", plural(seconds, "second", "seconds")),
            Chinese => format!("应答超时 {} 秒", count(seconds)),
        });
    }
    one_line(&parts, language)
}

/// Summary of the options of CONNECT that only MQTT 5 has.
pub fn mqtt_5(connect: &ConnectOptions, language: Language) -> String {
    let options = &connect.mqtt5;
    let mut parts = Vec::new();
    parts.extend(options.session_expiry_s.map(|seconds| session_expiry(seconds, language)));
    parts.extend(options.receive_max.map(|most| match language {
        English => format!("receive maximum {most}"),
        Chinese => format!("接收最大值 {most}"),
    }));
    parts.extend(options.packet_bytes_max.map(|bytes| match language {
        English => format!("packets up to {bytes} B"),
        Chinese => format!("报文最长 {bytes} B"),
    }));
    if options.topic_alias_max > 0 {
        parts.push(match language {
            English => format!("{} topic aliases", options.topic_alias_max),
            Chinese => format!("{} 个主题别名", options.topic_alias_max),
        });
    }
    if options.request_response_information {
        parts.push(language.pick("response information", "请求响应信息").to_owned());
    }
    if !options.request_problem_information {
        parts.push(language.pick("no problem information", "不请求问题信息").to_owned());
    }
    if !options.user_properties.is_empty() {
        let properties = options.user_properties.len() as u64;
        parts.push(match language {
            English => plural(properties, "user property", "user properties"),
            Chinese => format!("{} 个用户属性", count(properties)),
        });
    }
    if parts.is_empty() {
        language.pick("Nothing set", "未设置").to_owned()
    } else {
        one_line(&parts, language)
    }
}

fn session_expiry(seconds: u32, language: Language) -> String {
    match (seconds, language) {
        (u32::MAX, English) => "session kept for ever".to_owned(),
        (u32::MAX, Chinese) => "会话永久保留".to_owned(),
        (_, English) => format!("session kept for {}", plural(u64::from(seconds), "second", "seconds")),
        (_, Chinese) => format!("会话保留 {} 秒", count(u64::from(seconds))),
    }
}

/// Summary of the enhanced authentication.
pub fn authentication(authentication: &Authentication, language: Language) -> String {
    match (authentication, language) {
        (Authentication::Token { method }, English) => format!("A token, method {method}"),
        (Authentication::Token { method }, Chinese) => format!("令牌，方法 {method}"),
        (other, _) => options::authentication(other).of(language).to_owned(),
    }
}

/// Summary of the will: its topic, if there is one.
pub fn will(will: Option<&Will>, language: Language) -> String {
    will.map_or_else(|| options::NONE.of(language).to_owned(), |will| will.topic.clone())
}

fn one_line(parts: &[String], language: Language) -> String {
    capitalised(list(parts, language))
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::{Mqtt5Options, Proxy, TlsOptions};

    #[test]
    fn a_new_connection_says_what_holds_by_itself() {
        let connect = ConnectOptions::default();
        assert_eq!(security(&connect, English), "Trusts what the system trusts");
        assert_eq!(websocket(&connect, English), "Sub-protocol mqtt");
        assert_eq!(network(&connect, English), "Direct, 10 seconds to connect");
        assert_eq!(mqtt_5(&connect, English), "Nothing set");
        assert_eq!(authentication(&connect.authentication, English), "None");
        assert_eq!(will(connect.will.as_ref(), English), "None");
    }

    #[test]
    fn what_is_set_is_named() {
        let connect = ConnectOptions {
            ca_certificate: Some("/etc/ssl/plant ca.pem".into()),
            tls: TlsOptions { verify: false, alpn: vec!["mqtt".to_owned()], ..TlsOptions::default() },
            network: NetworkOptions {
                proxy: Some(Proxy { host: "proxy.example".to_owned(), ..Proxy::default() }),
                connect_timeout_s: 1,
                ..NetworkOptions::default()
            },
            mqtt5: Mqtt5Options {
                session_expiry_s: Some(u32::MAX),
                user_properties: vec![("a".to_owned(), "b".to_owned())],
                ..Mqtt5Options::default()
            },
            ..ConnectOptions::default()
        };
        let line = security(&connect, English);
        assert_eq!(line, "The broker's certificate is not verified, trusts plant ca.pem, ALPN mqtt");
        assert_eq!(security(&connect, Chinese), "不验证服务器证书，信任 plant ca.pem，ALPN mqtt");
        let line = network(&connect, English);
        assert_eq!(line, "Through HTTP CONNECT proxy.example:8080, 1 second to connect");
        assert_eq!(mqtt_5(&connect, English), "Session kept for ever, 1 user property");
        assert_eq!(mqtt_5(&connect, Chinese), "会话永久保留，1 个用户属性");
    }
}
