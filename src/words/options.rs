//! What the choices of a connection are called, in forms, menus and sentences.

use crate::message::QoS;
use crate::mqtt::options::{
    Authentication, Protocol, RetainHandling, SecretKind, Subscription, TlsVersions, VersionChoice,
};
use crate::words::Language::{self, Chinese, English};
use crate::words::{Label, label};

/// Choice of nothing, for options that may be left out.
pub const NONE: Label = label("None", "无");

/// A quality of service in short: `QoS 1`.
pub const fn qos(qos: QoS) -> &'static str {
    match qos {
        QoS::AtMostOnce => "QoS 0",
        QoS::AtLeastOnce => "QoS 1",
        QoS::ExactlyOnce => "QoS 2",
    }
}

/// A quality of service with its promise: `QoS 1, at least once`.
pub const fn qos_choice(qos: QoS) -> Label {
    match qos {
        QoS::AtMostOnce => label("QoS 0, at most once", "QoS 0，至多一次"),
        QoS::AtLeastOnce => label("QoS 1, at least once", "QoS 1，至少一次"),
        QoS::ExactlyOnce => label("QoS 2, exactly once", "QoS 2，恰好一次"),
    }
}

/// What a scheme means, for its tooltip.
pub const fn protocol_meaning(protocol: Protocol) -> Label {
    match protocol {
        Protocol::Mqtt => label("TCP, not encrypted", "TCP，不加密"),
        Protocol::Mqtts => label("TLS over TCP", "基于 TCP 的 TLS"),
        Protocol::Ws => label("A websocket, not encrypted", "WebSocket，不加密"),
        Protocol::Wss => label("A websocket over TLS", "基于 TLS 的 WebSocket"),
        Protocol::Unix => label("A socket in the file system of this machine", "本机文件系统中的套接字"),
    }
}

/// A choice of the protocol version: `auto`, `3.1.1`.
pub fn version(choice: VersionChoice, language: Language) -> &'static str {
    match choice {
        VersionChoice::Auto => language.pick("auto", "自动"),
        VersionChoice::Only(version) => version.name(),
    }
}

/// A choice of TLS versions: `1.2 or 1.3`.
pub const fn tls_versions(versions: TlsVersions) -> Label {
    match versions {
        TlsVersions::Any => label("1.2 or 1.3", "1.2 或 1.3"),
        TlsVersions::Only1_2 => label("1.2", "1.2"),
        TlsVersions::Only1_3 => label("1.3", "1.3"),
    }
}

/// A kind of enhanced authentication.
pub const fn authentication(authentication: &Authentication) -> Label {
    match authentication {
        Authentication::None => NONE,
        Authentication::ScramSha256 => label("SCRAM-SHA-256", "SCRAM-SHA-256"),
        Authentication::Token { .. } => label("Token", "令牌"),
    }
}

/// The label of a secret's field.
pub const fn secret(kind: SecretKind) -> Label {
    match kind {
        SecretKind::Password => label("Password", "密码"),
        SecretKind::KeyPassphrase => label("Key passphrase", "私钥口令"),
        SecretKind::ProxyPassword => label("Proxy password", "代理密码"),
        SecretKind::Token => label("Token", "令牌"),
    }
}

/// A secret within a sentence: `key passphrase`.
pub const fn secret_in_sentence(kind: SecretKind) -> Label {
    match kind {
        SecretKind::Password => label("password", "密码"),
        SecretKind::KeyPassphrase => label("key passphrase", "私钥口令"),
        SecretKind::ProxyPassword => label("proxy password", "代理密码"),
        SecretKind::Token => label("token", "令牌"),
    }
}

/// Which retained messages a subscription asks for.
pub const fn retain_handling(handling: RetainHandling) -> Label {
    match handling {
        RetainHandling::Send => label("Send them", "发送"),
        RetainHandling::SendIfNew => label("Send them if new", "仅新订阅时发送"),
        RetainHandling::DoNotSend => label("Do not send them", "不发送"),
    }
}

/// What a subscription asks for besides its QoS, in short: `no local, identifier 7`. Empty if there is nothing.
pub fn subscription_options(subscription: &Subscription, language: Language) -> String {
    let Subscription { filter: _, qos: _, enabled: _, no_local, retain_as_published, .. } = *subscription;
    let handling = match subscription.retain_handling {
        RetainHandling::Send => None,
        RetainHandling::SendIfNew => Some(language.pick("retained if new", "仅新订阅时发送保留消息")),
        RetainHandling::DoNotSend => Some(language.pick("no retained messages", "不发送保留消息")),
    };
    let identifier = subscription.identifier.map(|number| match language {
        English => format!("identifier {number}"),
        Chinese => format!("标识符 {number}"),
    });
    let flags = [
        no_local.then_some(language.pick("no local", "No Local")),
        (!retain_as_published).then_some(language.pick("without retain as published", "不启用发布时保留")),
        handling,
    ];
    let parts = flags.into_iter().flatten().map(str::to_owned).chain(identifier);
    list(&parts.collect::<Vec<_>>(), language)
}

/// Joins the parts of a summary.
pub(in crate::words) fn list(parts: &[String], language: Language) -> String {
    parts.join(language.pick(", ", "，"))
}

/// A text with a capital letter, if its script has capitals.
pub fn capitalised(mut text: String) -> String {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_of_a_subscription_are_named_in_short() {
        let subscription = Subscription {
            no_local: true,
            retain_as_published: false,
            retain_handling: RetainHandling::DoNotSend,
            identifier: Some(7),
            ..Subscription::new("a/+", QoS::AtLeastOnce)
        };
        let text = |language| subscription_options(&subscription, language);
        assert_eq!(
            text(English),
            "no local, without retain as published, no retained messages, identifier 7"
        );
        assert_eq!(text(Chinese), "No Local，不启用发布时保留，不发送保留消息，标识符 7");
        assert_eq!(subscription_options(&Subscription::default(), English), "");
    }
}
