//! Errors in a connection as a whole, reported by the option that causes them.

use crate::mqtt::check::{Field, Problem};
use crate::mqtt::options::{ConnectOptions, Protocol};
use crate::words::cli::{PATH_IN_THE_URL, Usage};
use crate::words::{self, Language};

/// Refuses what the form would mark as wrong: reports the first of `problems` under its option's name.
pub fn refuse(problems: &[Problem], connect: &ConnectOptions) -> Result<(), Usage> {
    // The profile is named after the host, so a problem with the name is reported for the host.
    match problems.iter().find(|problem| problem.field != Field::Name) {
        Some(problem) => {
            Err(Usage::Problem { option: option(problem.field, connect), problem: problem.clone() })
        }
        None => Ok(()),
    }
}

/// The option that sets a field, as it was typed if that helps.
fn option(field: Field, connect: &ConnectOptions) -> String {
    let name = match field {
        Field::Name | Field::Host if connect.protocol == Protocol::Unix => {
            return format!("--unix \"{}\"", connect.host);
        }
        Field::Name | Field::Host => return format!("-h \"{}\"", connect.host),
        Field::Port => return format!("-p {}", connect.port),
        Field::KeepAlive => return format!("-k {}", connect.keep_alive_s),
        Field::BindAddress => return format!("-A {}", connect.network.bind_address),
        Field::Subscription(index) => {
            return format!("-t {}", connect.subscriptions.get(index).map_or("", |found| &found.filter));
        }
        Field::ClientId if connect.client_id.is_empty() => "-c without -i",
        Field::ClientId => "-i",
        Field::Path => PATH_IN_THE_URL,
        Field::ProxyHost | Field::ProxyPort | Field::ProxyUsername => "--proxy",
        Field::CaCertificate => "--cafile",
        Field::ClientCertificate => "--cert",
        Field::ClientKey => "--key",
        Field::Alpn => "--tls-alpn",
        Field::Username => "-u",
        Field::Authentication | Field::AuthenticationMethod => "-D connect authentication-method",
        Field::SessionExpiry => "-x",
        Field::ReceiveMaximum => "-D connect receive-maximum",
        Field::MaximumPacketSize => "-D connect maximum-packet-size",
        Field::UserProperty(_) => "-D connect user-property",
        Field::WillTopic => "--will-topic",
        Field::WillPayload => "--will-payload",
        Field::WillContentType => "-D will content-type",
        Field::WillResponseTopic => "-D will response-topic",
        Field::WillCorrelationData => "-D will correlation-data",
        Field::WillUserProperty(_) => "-D will user-property",
        // A field that no option sets has its default value, which is valid.
        other => words::check::field(other, Language::English),
    };
    name.to_owned()
}
