//! TLS and the broker's certificate.

use crate::mqtt::failure::TlsCause;
use crate::words::Language;
use crate::words::certificate::{moment, names};
use crate::words::failure::clause;
use crate::words::language::say;

pub(in crate::words) fn tls(cause: &TlsCause, l: Language) -> String {
    let text = match cause {
        TlsCause::ServerName(name) => {
            return say!(
                l,
                "{name} is no name that a certificate can be issued for",
                "无法为名称 {name} 颁发证书"
            );
        }
        TlsCause::NotTls => l.pick("the port does not speak TLS", "该端口不使用 TLS"),
        TlsCause::Ciphers => l.pick(
            "the broker and this program have no cipher in common",
            "服务器与本程序没有共同的加密套件",
        ),
        TlsCause::Versions => l.pick(
            "the broker and this program have no TLS version in common",
            "服务器与本程序没有共同的 TLS 版本",
        ),
        TlsCause::Alpn => l.pick(
            "the broker speaks none of the application protocols (ALPN) that were offered",
            "服务器不支持所提供的任何应用层协议（ALPN）",
        ),
        TlsCause::ClientCertificateRequired { closed: false } => {
            l.pick("the broker requires a client certificate", "服务器要求客户端证书")
        }
        TlsCause::ClientCertificateRequired { closed: true } => l.pick(
            "the connection was closed, the broker requires a client certificate",
            "连接已被关闭，服务器要求客户端证书",
        ),
        TlsCause::ClientCertificateRefused { closed: false } => {
            l.pick("the broker does not accept the client certificate", "服务器不接受该客户端证书")
        }
        TlsCause::ClientCertificateRefused { closed: true } => l.pick(
            "the connection was closed, the broker does not accept the client certificate",
            "连接已被关闭，服务器不接受该客户端证书",
        ),
        TlsCause::ClientCertificateUntrusted => l.pick(
            "the broker does not trust the authority that issued the client certificate",
            "服务器不信任颁发该客户端证书的机构",
        ),
        TlsCause::ClientCertificateExpired => {
            l.pick("the broker says that the client certificate has expired", "服务器表示客户端证书已过期")
        }
        TlsCause::ClientCertificateRevoked => {
            l.pick("the broker says that the client certificate was revoked", "服务器表示客户端证书已被吊销")
        }
        TlsCause::HandshakeRefused => l.pick("the broker refused the handshake", "服务器拒绝了握手"),
        TlsCause::ServerNameUnknown => l.pick(
            "the broker does not know the server name that was asked for",
            "服务器不认识所请求的服务器名称",
        ),
        TlsCause::Alert(alert) => {
            return say!(
                l,
                "the broker ended the connection with the TLS alert {alert}",
                "服务器以 TLS 警报 {alert} 结束了连接"
            );
        }
        TlsCause::OtherName { name, names } => return other_name(name, names, l),
        TlsCause::Expired(at) => return expired(*at, l),
        TlsCause::NotYetValid(from) => return not_yet_valid(*from, l),
        TlsCause::SelfSigned => l.pick(
            "the broker's certificate is self-signed and not trusted here",
            "服务器的证书是自签名的，在本机不受信任",
        ),
        TlsCause::Untrusted => l.pick(
            "the broker's certificate was issued by an authority that is not trusted here",
            "颁发服务器证书的机构在本机不受信任",
        ),
        TlsCause::Signature => l.pick(
            "the broker's certificate was not signed by the authority of that name that is trusted here",
            "服务器的证书不是由本机信任的同名机构签名的",
        ),
        TlsCause::Revoked => l.pick("the broker's certificate was revoked", "服务器的证书已被吊销"),
        TlsCause::AuthorityAsOwn => l.pick(
            "the broker uses an authority's certificate as its own, and it is not trusted here",
            "服务器把颁发机构的证书当作自己的证书使用，该证书在本机不受信任",
        ),
        TlsCause::Version1 => l.pick(
            "the broker's certificate is of version 1 of its format, which cannot name the hosts that it is for",
            "服务器的证书是版本 1 格式，无法注明它适用于哪些主机",
        ),
        TlsCause::Certificate(text) => {
            return say!(
                l,
                "the broker's certificate is not acceptable: {text}",
                "服务器的证书无法接受：{text}"
            );
        }
        TlsCause::Other(text) => return clause(text),
    };
    text.to_owned()
}

fn other_name(name: &str, found: &[String], l: Language) -> String {
    if found.is_empty() {
        return say!(
            l,
            "the broker's certificate is not for {name}, but for no name at all",
            "服务器的证书不适用于 {name}，其中没有任何名称"
        );
    }
    let found = names(found, l);
    say!(
        l,
        "the broker's certificate is not for {name}, but for {found}",
        "服务器的证书不适用于 {name}，只适用于 {found}"
    )
}

fn expired(at: Option<i64>, l: Language) -> String {
    match at.map(|at| moment(at, l)) {
        Some(at) => {
            say!(l, "the broker's certificate has expired on {at}", "服务器的证书已于 {at} 过期")
        }
        None => l.pick("the broker's certificate has expired", "服务器的证书已过期").to_owned(),
    }
}

fn not_yet_valid(from: Option<i64>, l: Language) -> String {
    match from.map(|from| moment(from, l)) {
        Some(from) => {
            say!(l, "the broker's certificate is not valid before {from}", "服务器的证书在 {from} 之前无效")
        }
        None => l.pick("the broker's certificate is not valid yet", "服务器的证书尚未生效").to_owned(),
    }
}
