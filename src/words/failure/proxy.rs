//! Proxies.

use crate::mqtt::failure::{ProxyCause, ProxyRefusal};
use crate::words::Language;
use crate::words::failure::clause;
use crate::words::language::say;

pub(super) fn proxy(cause: &ProxyCause, l: Language) -> String {
    let text = match cause {
        ProxyCause::Closed => {
            l.pick("the proxy closed the connection without an answer", "代理未作应答就关闭了连接")
        }
        ProxyCause::Tls => l.pick(
            "the proxy's port speaks TLS, which is not supported towards a proxy",
            "代理的端口使用 TLS，本程序不支持与代理之间使用 TLS",
        ),
        ProxyCause::NotHttp => l.pick("the proxy's answer is not HTTP", "代理的应答不是 HTTP"),
        ProxyCause::NotSocks5 => l.pick("the proxy's answer is not SOCKS5", "代理的应答不是 SOCKS5"),
        ProxyCause::Endless => l.pick("the proxy's answer does not end", "代理的应答始终没有结束"),
        ProxyCause::Unasked => {
            l.pick("the proxy sends data that nobody asked for", "代理发送了未经请求的数据")
        }
        ProxyCause::LoginLength => l.pick(
            "the user name or the password is longer than 255 bytes, or one of them is empty",
            "用户名或密码超过 255 字节，或其中之一为空",
        ),
        ProxyCause::HostLength => l.pick("the host is longer than 255 bytes", "主机名超过 255 字节"),
        ProxyCause::Refused { refusal, status } => {
            let refusal = refused(*refusal, l);
            return match status {
                Some(status) => say!(l, "{refusal} ({status})", "{refusal}（{status}）"),
                None => refusal.to_owned(),
            };
        }
        ProxyCause::Other(text) => return clause(text),
    };
    text.to_owned()
}

fn refused(refusal: ProxyRefusal, l: Language) -> &'static str {
    match refusal {
        ProxyRefusal::Login => {
            l.pick("the proxy does not accept the user name or the password", "代理不接受该用户名或密码")
        }
        ProxyRefusal::LoginMissing => {
            l.pick("the proxy wants a user name and a password", "代理要求用户名和密码")
        }
        ProxyRefusal::LoginUnwanted => {
            l.pick("the proxy takes no user name and password", "代理不使用用户名和密码")
        }
        ProxyRefusal::NotAllowed => l.pick("the proxy does not allow this connection", "代理不允许此连接"),
        ProxyRefusal::Unreachable => l.pick("the proxy cannot reach the broker", "代理无法访问服务器"),
        ProxyRefusal::NetworkUnreachable => {
            l.pick("the proxy cannot reach the broker's network", "代理无法访问服务器所在的网络")
        }
        ProxyRefusal::HostUnreachable => l.pick(
            "the proxy cannot reach the broker's host, or does not know its name",
            "代理无法访问服务器的主机，或不知道其主机名",
        ),
        ProxyRefusal::ConnectionRefused => {
            l.pick("the broker refuses the proxy's connection", "服务器拒绝了代理的连接")
        }
        ProxyRefusal::BrokerSilent => {
            l.pick("the broker does not answer the proxy in time", "服务器没有及时应答代理")
        }
        ProxyRefusal::ConnectUnknown => {
            l.pick("the proxy does not understand CONNECT", "代理不支持 CONNECT 方法")
        }
        ProxyRefusal::NoConnections => {
            l.pick("the proxy makes no connections (CONNECT)", "代理不建立连接（CONNECT）")
        }
        ProxyRefusal::AddressKind => {
            l.pick("the proxy does not take this kind of address", "代理不接受此类地址")
        }
        ProxyRefusal::General => l.pick("the proxy failed (general failure)", "代理发生故障（一般性错误）"),
        ProxyRefusal::Unknown => l.pick("the proxy refused", "代理拒绝了请求"),
    }
}
