//! Host names, addresses, TCP and sockets in the file system.

use std::net::IpAddr;

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{LocalAddressCause, NameCause, SocketCause, TcpAttempt};
use crate::mqtt::step::Step;
use crate::words::Language;
use crate::words::failure::io;
use crate::words::language::say;

pub(super) fn name(cause: &NameCause, l: Language) -> String {
    match cause {
        NameCause::Unknown => l.pick("the name is not known", "找不到该主机名").to_owned(),
        NameCause::NoServer => l.pick("the name server gave no answer", "DNS 服务器没有应答").to_owned(),
        NameCause::NoAddress => l.pick("the name has no address", "该主机名没有地址").to_owned(),
        NameCause::Other(text) => text.clone(),
    }
}

pub(super) fn local_address(cause: &LocalAddressCause, l: Language) -> String {
    match cause {
        LocalAddressCause::Syntax => l.pick("it is not an IP address", "它不是 IP 地址").to_owned(),
        LocalAddressCause::Family(local) => {
            let family = match local {
                IpAddr::V4(_) => "IPv4",
                IpAddr::V6(_) => "IPv6",
            };
            say!(
                l,
                "the local address {local} is {family}, and the host has no address of that kind",
                "本地地址 {local} 是 {family} 地址，而主机没有这类地址"
            )
        }
    }
}

/// All addresses of a host; those that failed in the same way are taken together.
pub(super) fn tcp(attempts: &[TcpAttempt], step: &Step, l: Language) -> String {
    let reasons: Vec<String> = attempts
        .iter()
        .map(|attempt| match &attempt.error {
            Some(error) => io(error, l),
            None => l.pick("no answer", "没有应答").to_owned(),
        })
        .collect();
    let ips: Vec<String> = attempts.iter().map(|attempt| attempt.ip.to_string()).collect();
    let first = reasons.first().cloned().unwrap_or_default();
    let all = ips.join(l.pick(" and ", "、"));
    if reasons.iter().any(|reason| *reason != first) {
        let each =
            reasons.iter().zip(&ips).map(|(reason, ip)| say!(l, "{reason} ({ip})", "{reason}（{ip}）"));
        return each.collect::<Vec<_>>().join(l.pick("; ", "；"));
    }
    match (ips.as_slice(), step) {
        // The step names the address already.
        ([ip], Step::Tcp(Endpoint::Port { host, .. })) if **ip == **host => first,
        _ if attempts.iter().all(|attempt| attempt.error.is_none()) => {
            say!(l, "{first} from {all}", "{all} {first}")
        }
        _ => say!(l, "{first} ({all})", "{first}（{all}）"),
    }
}

pub(super) fn socket(cause: SocketCause, l: Language) -> &'static str {
    match cause {
        SocketCause::Missing => l.pick("there is no such file", "没有这个文件"),
        SocketCause::NothingListens => l.pick("nothing listens on it", "没有程序在监听它"),
        SocketCause::NotPermitted => l.pick("the system does not permit it", "系统不允许"),
        SocketCause::Unsupported => l.pick(
            "this system has no such sockets for programs like this",
            "本系统不为此类程序提供这种套接字",
        ),
    }
}
