//! Steps of a connection, with their objects.

use crate::mqtt::step::Step;
use crate::words::Language;
use crate::words::check;
use crate::words::language::say;

/// What is done, with its object: `TCP connection to example.org:1883`.
pub fn step(step: &Step, l: Language) -> String {
    match step {
        Step::Option(field) => check::field(*field, l).to_owned(),
        Step::Files => l.pick("Reading certificates and keys", "读取证书和私钥").to_owned(),
        Step::TlsOptions => l.pick("Reading the TLS options", "读取 TLS 选项").to_owned(),
        Step::CaCertificate(path) => {
            let path = path.display();
            say!(l, "Reading the CA certificate {path}", "读取 CA 证书 {path}")
        }
        Step::SystemCertificates => {
            l.pick("Reading the system's CA certificates", "读取系统的 CA 证书").to_owned()
        }
        Step::ClientCertificate(path) => {
            let path = path.display();
            say!(l, "Reading the client certificate {path}", "读取客户端证书 {path}")
        }
        Step::ClientKey(path) => {
            let path = path.display();
            say!(l, "Reading the client key {path}", "读取客户端私钥 {path}")
        }
        Step::LocalAddress(text) => {
            say!(l, "Connecting from the local address {text}", "从本地地址 {text} 连接")
        }
        Step::NameResolution(host) => say!(l, "Name resolution of {host}", "解析主机名 {host}"),
        Step::Tcp(endpoint) => say!(l, "TCP connection to {endpoint}", "到 {endpoint} 的 TCP 连接"),
        Step::Socket(path) => say!(l, "Connection to the socket {path}", "到套接字 {path} 的连接"),
        Step::Proxy { to, through, kind } => {
            let kind = kind.name();
            say!(
                l,
                "Proxy connection to {to} through {through} ({kind})",
                "经 {through}（{kind}）到 {to} 的代理连接"
            )
        }
        Step::TlsHandshake(endpoint) => say!(l, "TLS handshake with {endpoint}", "与 {endpoint} 的 TLS 握手"),
        Step::WebsocketUpgrade(url) => say!(l, "Websocket upgrade at {url}", "在 {url} 升级到 WebSocket"),
        Step::TlsConnection(endpoint) => {
            say!(l, "TLS connection to {endpoint}", "与 {endpoint} 的 TLS 连接")
        }
        Step::WebsocketConnection(endpoint) => {
            say!(l, "Websocket connection to {endpoint}", "与 {endpoint} 的 WebSocket 连接")
        }
        Step::Connect(endpoint) => say!(l, "CONNECT to {endpoint}", "向 {endpoint} 发送 CONNECT"),
        Step::Authentication(endpoint) => say!(l, "Authentication with {endpoint}", "与 {endpoint} 的认证"),
        Step::Subscribe(filter) => say!(l, "SUBSCRIBE to {filter}", "用 SUBSCRIBE 订阅 {filter}"),
        Step::Ping => "Ping".to_owned(),
        Step::Disconnect => "DISCONNECT".to_owned(),
        Step::Connection(endpoint) => say!(l, "Connection to {endpoint}", "与 {endpoint} 的连接"),
        Step::Session(url) => say!(l, "Connection to {url}", "与 {url} 的连接"),
        Step::Examination => l.pick("Connection test", "连接测试").to_owned(),
    }
}
