//! Connections through a proxy: HTTP CONNECT (RFC 9110, 9.3.6) and SOCKS5 (RFC 1928, 1929). The proxy resolves the
//! broker's name.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::AsyncWriteExt as _;
use tokio_socks::TargetAddr;
use tokio_socks::tcp::Socks5Stream;

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Failure, Hint, ProxyCause};
use crate::mqtt::options::{ConnectOptions, Proxy, ProxyKind, Secrets};
use crate::mqtt::step::{Detail, Step, StepReport, TakenStep};
use crate::mqtt::wire::deadline::Deadline;
use crate::mqtt::wire::http::{NoHead, read_head};
use crate::mqtt::wire::{Stream, explain};

/// The step that [`tunnel`] performs.
pub(super) fn step(options: &ConnectOptions, proxy: &Proxy) -> Step {
    let through = Box::new(Endpoint::new(&proxy.host, proxy.port));
    Step::Proxy { to: Endpoint::of(options), through, kind: proxy.kind }
}

/// Asks the proxy at the other end of `stream` for a connection to the broker.
pub(super) async fn tunnel(
    stream: Box<dyn Stream>,
    proxy: &Proxy,
    options: &ConnectOptions,
    secrets: &Secrets,
    deadline: Deadline,
    report: StepReport<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let step = step(options, proxy);
    let since = Instant::now();
    let asking = async {
        match proxy.kind {
            ProxyKind::Http => http(stream, proxy, options, secrets, &step).await,
            ProxyKind::Socks5 => socks5(stream, proxy, options, secrets, &step).await,
        }
    };
    let result = match deadline.limit(asking).await {
        Some(result) => result,
        None => Err(Failure::new(step.clone(), deadline.cause(), Hint::ProxyKindOrReach)),
    };
    match &result {
        Ok(_) => report(TakenStep::ok(step, since.elapsed()).detail(Detail::ProxyResolves)),
        Err(failure) => report(TakenStep::failed(failure, since.elapsed())),
    }
    result
}

async fn http(
    mut stream: Box<dyn Stream>,
    proxy: &Proxy,
    options: &ConnectOptions,
    secrets: &Secrets,
    step: &Step,
) -> Result<Box<dyn Stream>, Failure> {
    let target = Endpoint::of(options);
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
    let head = head.await.map_err(|why| explain::proxy_without_head(step.clone(), &why))?;
    if !(200..300).contains(&head.status.code) {
        return Err(explain::proxy_refused(step.clone(), head, !proxy.username.is_empty()));
    }
    if !head.rest.is_empty() {
        return Err(Failure::new(step.clone(), ProxyCause::Unasked, Hint::ProxyMayBeNone));
    }
    Ok(stream)
}

async fn socks5(
    stream: Box<dyn Stream>,
    proxy: &Proxy,
    options: &ConnectOptions,
    secrets: &Secrets,
    step: &Step,
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
        Err(error) => Err(explain::socks5(step.clone(), &error, !proxy.username.is_empty())),
    }
}
