//! Through a proxy: HTTP CONNECT (RFC 9110, 9.3.6) and SOCKS5 (RFC 1928, 1929). The proxy resolves the broker's name.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::AsyncWriteExt as _;
use tokio_socks::TargetAddr;
use tokio_socks::tcp::Socks5Stream;

use crate::mqtt::failure::Failure;
use crate::mqtt::options::{ConnectOptions, Proxy, ProxyKind, Secrets};
use crate::mqtt::step::{Report, Step};
use crate::mqtt::wire::deadline::Deadline;
use crate::mqtt::wire::http::{NoHead, read_head};
use crate::mqtt::wire::{Stream, address, explain, host_and_port};

/// How the step is called.
pub(super) fn step_name(options: &ConnectOptions, proxy: &Proxy) -> String {
    let through = host_and_port(&proxy.host, proxy.port);
    format!("Proxy connection to {} through {through} ({})", address(options), proxy.kind.name())
}

/// Asks the proxy at the other end of `stream` for a connection to the broker.
pub(super) async fn tunnel(
    stream: Box<dyn Stream>,
    proxy: &Proxy,
    options: &ConnectOptions,
    secrets: &Secrets,
    deadline: Deadline,
    report: Report<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let what = step_name(options, proxy);
    let since = Instant::now();
    let asking = async {
        match proxy.kind {
            ProxyKind::Http => http(stream, proxy, options, secrets, &what).await,
            ProxyKind::Socks5 => socks5(stream, proxy, options, secrets, &what).await,
        }
    };
    let result = match deadline.limit(asking).await {
        Some(result) => result,
        None => Err(explain::proxy_timeout(&what, &deadline.words())),
    };
    match &result {
        Ok(_) => report(Step::ok(what, since.elapsed()).detail("the proxy resolves the host")),
        Err(failure) => report(Step::failed(failure, since.elapsed())),
    }
    result
}

async fn http(
    mut stream: Box<dyn Stream>,
    proxy: &Proxy,
    options: &ConnectOptions,
    secrets: &Secrets,
    what: &str,
) -> Result<Box<dyn Stream>, Failure> {
    let target = address(options);
    let authorization = match proxy.username.as_str() {
        "" => String::new(),
        name => {
            let credentials = STANDARD.encode(format!("{name}:{}", secrets.proxy_password.expose()));
            format!("Proxy-Authorization: Basic {credentials}\r\n")
        }
    };
    let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n");
    let head = async {
        stream.write_all(request.as_bytes()).await.map_err(NoHead::Io)?;
        stream.flush().await.map_err(NoHead::Io)?;
        read_head(&mut stream).await
    };
    let head = head.await.map_err(|why| explain::proxy_without_head(what, &why))?;
    if !(200..300).contains(&head.status) {
        return Err(explain::proxy_refused(what, &head, !proxy.username.is_empty()));
    }
    if !head.rest.is_empty() {
        return Err(explain::proxy_talks(what));
    }
    Ok(stream)
}

async fn socks5(
    stream: Box<dyn Stream>,
    proxy: &Proxy,
    options: &ConnectOptions,
    secrets: &Secrets,
    what: &str,
) -> Result<Box<dyn Stream>, Failure> {
    let host = options.host.trim();
    let target = match host.parse() {
        Ok(ip) => TargetAddr::Ip(std::net::SocketAddr::new(ip, options.port)),
        Err(_) => TargetAddr::Domain(host.into(), options.port),
    };
    let connected = if proxy.username.is_empty() {
        Socks5Stream::connect_with_socket(stream, target).await
    } else {
        let password = secrets.proxy_password.expose();
        Socks5Stream::connect_with_password_and_socket(stream, target, &proxy.username, password).await
    };
    match connected {
        Ok(connected) => Ok(connected.into_inner()),
        Err(error) => Err(explain::socks5(what, &error, !proxy.username.is_empty())),
    }
}
