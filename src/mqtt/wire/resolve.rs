//! From a host name to its addresses.

use std::net::{IpAddr, SocketAddr};
use std::time::Instant;

use crate::mqtt::failure::{Failure, Hint};
use crate::mqtt::step::{Detail, Step, StepReport, TakenStep};
use crate::mqtt::wire::deadline::Deadline;
use crate::mqtt::wire::explain;

/// All addresses of the host in the order to try them; never empty. Reported as its own step, so that a failure shows
/// that the name was the problem. A typed address needs no such step.
pub(super) async fn resolve(
    host: &str,
    port: u16,
    deadline: Deadline,
    report: StepReport<'_>,
) -> Result<Vec<SocketAddr>, Failure> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let step = Step::NameResolution(host.to_owned());
    let since = Instant::now();
    let found = match deadline.limit(tokio::net::lookup_host((host, port))).await {
        None => Err(Failure::new(step.clone(), deadline.cause(), Hint::CheckNameServer)),
        Some(Err(error)) => Err(explain::lookup(step.clone(), &error)),
        Some(Ok(addresses)) => match alternate(addresses.collect()) {
            addresses if addresses.is_empty() => Err(explain::no_address(step.clone())),
            addresses => Ok(addresses),
        },
    };
    match found {
        Ok(addresses) => {
            let mut taken = TakenStep::ok(step, since.elapsed());
            taken.details = addresses.iter().map(|address| Detail::Address(address.ip())).collect();
            report(taken);
            Ok(addresses)
        }
        Err(failure) => {
            report(TakenStep::failed(&failure, since.elapsed()));
            Err(failure)
        }
    }
}

/// Keeps the system's order but alternates between families, so that one that leads nowhere costs a single attempt (RFC
/// 8305, 4).
fn alternate(addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let Some(first) = addresses.first().map(SocketAddr::is_ipv6) else { return addresses };
    let (mut same, mut other): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == first);
    same.dedup();
    other.dedup();
    let mut other = other.into_iter();
    let mut mixed = Vec::new();
    for address in same {
        mixed.push(address);
        mixed.extend(other.next());
    }
    mixed.extend(other);
    mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_take_turns_and_keep_their_order() {
        let addresses = |texts: &[&str]| -> Vec<SocketAddr> {
            texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 1)).collect()
        };
        let found = addresses(&["::1", "::1", "::2", "::3", "192.0.2.1", "192.0.2.2"]);
        assert_eq!(alternate(found), addresses(&["::1", "192.0.2.1", "::2", "192.0.2.2", "::3"]));
        assert_eq!(alternate(Vec::new()), []);
    }
}
