//! The TCP connection. Every address is tried, and one that does not answer does not delay the next.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::net::{TcpSocket, TcpStream};

use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Failure, Hint, TcpAttempt};
use crate::mqtt::options::ConnectOptions;
use crate::mqtt::step::{Detail, SkipReason, Step, StepReport, TakenStep};
use crate::mqtt::wire::deadline::Deadline;
use crate::mqtt::wire::{Stream, explain, proxy_of, resolve};

/// How long an address may be silent before the next one is tried as well (RFC 8305, 5).
const NEXT_AFTER: Duration = Duration::from_millis(250);

/// Connects to the broker, or to the proxy in between.
pub(super) async fn connect(
    options: &ConnectOptions,
    deadline: Deadline,
    report: StepReport<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let bind = options.network.bind_address.trim();
    let (host, port) = destination(options);
    connect_to(host, port, bind, deadline, report).await
}

/// The host and port of the TCP connection.
pub(super) fn destination(options: &ConnectOptions) -> (&str, u16) {
    match proxy_of(options) {
        Some(proxy) => (proxy.host.trim(), proxy.port),
        None => (options.host.trim(), options.port),
    }
}

/// Connects to one of the host's addresses, from the local address `bind` if it is not empty.
async fn connect_to(
    host: &str,
    port: u16,
    bind: &str,
    deadline: Deadline,
    report: StepReport<'_>,
) -> Result<Box<dyn Stream>, Failure> {
    let target = Endpoint::new(host, port);
    let bind = match bind {
        "" => None,
        text => {
            Some(text.parse::<IpAddr>().map_err(|_| reported(explain::local_address_syntax(text), report))?)
        }
    };
    let mut addresses = resolve::resolve(host, port, deadline, report).await?;
    if let Some(local) = bind {
        addresses.retain(|address| address.is_ipv4() == local.is_ipv4());
        if addresses.is_empty() {
            return Err(reported(explain::local_address_family(&target, local), report));
        }
    }
    let stream = race(&target, &addresses, bind, deadline, report).await?;
    // Small packets go out at once, and most of ours are small.
    if let Err(error) = stream.set_nodelay(true) {
        log::debug!("no TCP_NODELAY on the connection to {target}: {error}");
    }
    Ok(Box::new(stream))
}

fn reported(failure: Failure, report: StepReport<'_>) -> Failure {
    report(TakenStep::failed(&failure, Duration::ZERO));
    failure
}

/// One attempt, and its state so far.
struct AddressAttempt {
    address: SocketAddr,
    since: Instant,
    error: Option<io::Error>,
}

/// Starts with the first address. The next follows when one has failed or been silent for [`NEXT_AFTER`]. The first to
/// answer wins; the others are dropped.
async fn race(
    target: &Endpoint,
    addresses: &[SocketAddr],
    bind: Option<IpAddr>,
    deadline: Deadline,
    report: StepReport<'_>,
) -> Result<TcpStream, Failure> {
    let mut attempts: Vec<AddressAttempt> = Vec::new();
    let mut waiting = addresses.iter().copied();
    let mut running = FuturesUnordered::new();
    let timeout = deadline.passed();
    tokio::pin!(timeout);
    loop {
        if let Some(address) = waiting.next() {
            let index = attempts.len();
            attempts.push(AddressAttempt { address, since: Instant::now(), error: None });
            running.push(async move { (index, connect_one(address, bind).await) });
        }
        if running.is_empty() {
            break; // no address is left to try
        }
        let (index, result) = tokio::select! {
            Some(done) = running.next() => done,
            () = tokio::time::sleep(NEXT_AFTER), if waiting.len() > 0 => {
                continue;
            }
            () = &mut timeout => break,
        };
        let AddressAttempt { address, since, error } = &mut attempts[index];
        match result {
            Ok(stream) => {
                let mut taken = TakenStep::ok(step(*address), since.elapsed());
                taken.details.extend(stream.local_addr().ok().map(Detail::From));
                for attempt in attempts.iter().enumerate().filter(|(other, _)| *other != index) {
                    report_other(attempt.1, report);
                }
                report(taken);
                return Ok(stream);
            }
            Err(failed) => {
                report(TakenStep::failed(&explain::tcp_attempt(step(*address), &failed), since.elapsed()));
                *error = Some(failed);
            }
        }
    }
    for AddressAttempt { address, since, .. } in attempts.iter().filter(|attempt| attempt.error.is_none()) {
        let failure = Failure::new(step(*address), deadline.cause(), Hint::CheckPort);
        report(TakenStep::failed(&failure, since.elapsed()));
    }
    let attempts = attempts.iter().map(|AddressAttempt { address, error, .. }| TcpAttempt {
        ip: address.ip(),
        error: error.as_ref().map(Into::into),
    });
    Err(explain::tcp(target, attempts.collect()))
}

/// Reports the outcome of an address that was not chosen; a failed one was reported when it failed.
fn report_other(attempt: &AddressAttempt, report: StepReport<'_>) {
    if attempt.error.is_some() {
        return;
    }
    let skipped = TakenStep::skipped(step(attempt.address), SkipReason::AnotherAddress);
    report(TakenStep { took: Some(attempt.since.elapsed()), ..skipped });
}

/// The step for one attempt.
fn step(address: SocketAddr) -> Step {
    Step::Tcp(address.into())
}

/// Connects to one address, from the local address `bind` if there is one.
pub(in crate::mqtt) async fn connect_one(address: SocketAddr, bind: Option<IpAddr>) -> io::Result<TcpStream> {
    let Some(local) = bind else { return TcpStream::connect(address).await };
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.bind(SocketAddr::new(local, 0))?;
    socket.connect(address).await
}

#[cfg(test)]
#[cfg(target_os = "linux")] // where every address in 127/8 is this computer's
mod tests {
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;
    use crate::mqtt::step::StepOutcome;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    async fn raced(addresses: &[SocketAddr]) -> (Result<TcpStream, Failure>, Vec<TakenStep>) {
        let mut steps = Vec::new();
        let deadline = Deadline::after(20);
        let stream =
            race(&Endpoint::new("h", 1), addresses, None, deadline, &mut |step| steps.push(step)).await;
        (stream, steps)
    }

    #[test]
    fn an_address_that_is_silent_does_not_hold_up_the_next() {
        run(async {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
            let full = socket.listen(1).unwrap();
            let silent = full.local_addr().unwrap();
            let mut queue = Vec::new();
            while let Ok(stream) = std::net::TcpStream::connect_timeout(&silent, NEXT_AFTER) {
                queue.push(stream);
            }
            let listener = TcpListener::bind(("127.0.0.2", 0)).unwrap();
            let open = listener.local_addr().unwrap();

            let since = Instant::now();
            let (stream, steps) = raced(&[silent, open]).await;
            assert_eq!(stream.unwrap().peer_addr().unwrap(), open);
            assert!(since.elapsed() >= NEXT_AFTER && since.elapsed() < Duration::from_secs(10));
            assert_eq!(steps[0].step, step(silent));
            assert!(
                matches!(steps[0].outcome, StepOutcome::Skipped(SkipReason::AnotherAddress)),
                "{steps:?}"
            );
            assert_eq!(steps[1].outcome, StepOutcome::Ok);
        });
    }

    #[test]
    fn an_address_that_refuses_is_followed_by_the_next() {
        run(async {
            let listener = TcpListener::bind(("127.0.0.2", 0)).unwrap();
            let open = listener.local_addr().unwrap();
            let refused = SocketAddr::new(Ipv4Addr::new(127, 0, 0, 3).into(), open.port());
            let (stream, steps) = raced(&[refused, open]).await;
            assert!(stream.is_ok() && steps[0].is_failed(), "{steps:?}");
        });
    }
}
