//! What the arguments ask for, checked: the connections to open and how to draw the window.

use std::path::PathBuf;

use super::Exit;
use super::args::Args;
use crate::model::message::QoS;
use crate::mqtt::options::{ConnectOptions, MqttVersion, Protocol, Secret, Subscription, VersionChoice};
use crate::store::profiles::{Field, PasswordPlace, Profile, validate};
use crate::store::settings::Renderer;
use crate::store::url::BrokerUrl;

/// How the window opens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Launch {
    /// Connections to open at once that are not saved.
    pub connections: Vec<Connection>,
    /// Names of saved connections to open; [`super::named_profiles`] finds them.
    pub saved: Vec<String>,
    /// Whether to start the embedded broker and open it.
    pub demo: bool,
    /// What is to draw the window; `None`: as the settings say.
    pub renderer: Option<Renderer>,
    /// Where to write one line of JSON a second.
    pub perf_log: Option<PathBuf>,
}

/// A connection from the command line. Its profile is not saved until the person asks for that.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// Named after the host.
    pub profile: Profile,
    /// `None`: none was given; asked for if the broker refuses the user name alone.
    pub password: Option<Secret>,
}

/// Checks the arguments and fills in what was not given.
pub(super) fn build(args: Args, env_password: Option<String>) -> Result<Launch, Exit> {
    let connection = if names_a_broker(&args) {
        Some(connection(&args, env_password)?)
    } else {
        match connection_option(&args) {
            // Like mosquitto_sub: without a host it is this machine.
            Some(_) if args.profile.is_empty() && !args.demo => Some(connection(&args, env_password)?),
            Some(option) => {
                let other = if args.demo { "--demo" } else { "--profile" };
                return Err(Exit::usage(
                    format!("{option} belongs to a connection, and {other} brings its own options"),
                    format!("Leave {option} out, or name the broker with -h HOST or a URL."),
                ));
            }
            None => None,
        }
    };
    let Args { profile: saved, demo, perf_log, renderer, .. } = args;
    let renderer = renderer.map(|name| if name == "glow" { Renderer::Glow } else { Renderer::Wgpu });
    Ok(Launch { connections: connection.into_iter().collect(), saved, demo, renderer, perf_log })
}

fn names_a_broker(args: &Args) -> bool {
    args.address.is_some() || args.url.is_some() || args.host.is_some()
}

/// The first option that says something about a connection, as one types it.
fn connection_option(args: &Args) -> Option<&'static str> {
    let given = [
        (args.port.is_some(), "-p"),
        (args.username.is_some(), "-u"),
        (args.password.is_some(), "-P"),
        (args.id.is_some(), "-i"),
        (!args.topic.is_empty(), "-t"),
        (args.qos.is_some(), "-q"),
        (args.protocol_version.is_some(), "-V"),
        (args.keepalive.is_some(), "-k"),
        (args.keep_session, "-c"),
        (args.cafile.is_some(), "--cafile"),
    ];
    given.into_iter().find_map(|(given, name)| given.then_some(name))
}

fn connection(args: &Args, env_password: Option<String>) -> Result<Connection, Exit> {
    let url = address(args)?;
    let version = args.protocol_version.as_deref().map_or(Ok(VersionChoice::default()), version)?;
    let defaults = ConnectOptions { version, ..ConnectOptions::default() };
    let options = ConnectOptions {
        protocol: url.protocol,
        port: port(args, &url)?,
        username: one_of("-u", "user name", args.username.as_deref(), Some(&url.username))?
            .unwrap_or_default(),
        client_id: args.id.clone().unwrap_or_default(),
        keep_alive_s: args.keepalive.as_deref().map_or(Ok(defaults.keep_alive_s), keep_alive)?,
        clean_session: !args.keep_session,
        subscriptions: subscriptions(args, &url)?,
        ca_certificate: args.cafile.clone(),
        host: url.host,
        ..defaults
    };
    let url_password = url.password.as_ref().map(Secret::expose);
    let given = one_of("-P", "password", args.password.as_deref(), url_password)?;
    let password = given.or(env_password.filter(|_| !options.username.is_empty())).map(Secret::new);
    if password.is_some() && options.username.is_empty() && !version.allows_5() {
        return Err(Exit::usage(
            "a password was given without a user name, which MQTT 3.1.1 does not allow",
            "Add -u USER, or use -V 5.",
        ));
    }
    let name = options.host.clone();
    let profile = Profile { password_place: PasswordPlace::Ask, ..Profile::new(name, options) };
    check(&profile)?;
    Ok(Connection { profile, password })
}

/// The broker's address from the URL or from -h, with TLS if a certificate authority is named.
fn address(args: &Args) -> Result<BrokerUrl, Exit> {
    let protocol = if args.cafile.is_some() { Protocol::Mqtts } else { Protocol::Mqtt };
    let (option, text) = match (&args.address, &args.url, &args.host) {
        (Some(text), None, None) => ("URL", text),
        (None, Some(text), None) => ("-L", text),
        (None, None, Some(host)) => {
            let host = host.trim().trim_start_matches('[').trim_end_matches(']').to_owned();
            return Ok(BrokerUrl { protocol, host, ..BrokerUrl::default() });
        }
        (None, None, None) => {
            return Ok(BrokerUrl { protocol, host: "localhost".to_owned(), ..BrokerUrl::default() });
        }
        _ => {
            return Err(Exit::usage(
                "the broker is named more than once",
                "Use one of URL, -L URL and -h HOST.",
            ));
        }
    };
    let url = BrokerUrl::parse(text).map_err(|error| {
        Exit::usage(format!("{option}: {error}"), "For example: mqttree mqtt://user@example.org:1883")
    })?;
    if args.cafile.is_some() && url.protocol == Protocol::Mqtt {
        return Err(Exit::usage(
            "--cafile is for TLS, and the URL says mqtt://, which has none",
            "Write mqtts:// or leave --cafile out.",
        ));
    }
    Ok(url)
}

fn port(args: &Args, url: &BrokerUrl) -> Result<u16, Exit> {
    let from_url = url.port.map(|port| port.to_string());
    match one_of("-p", "port", args.port.as_deref(), from_url.as_deref())? {
        Some(text) => number(&text).filter(|port| *port != 0).ok_or_else(|| {
            Exit::usage(format!("-p {text}: a port is a number from 1 to 65535"), "For example: -p 1883")
        }),
        None => Ok(url.protocol.default_port()),
    }
}

/// A value that may stand in an option, in the URL, or in both if it is the same. The values are not printed.
fn one_of(
    option: &str,
    what: &str,
    given: Option<&str>,
    in_url: Option<&str>,
) -> Result<Option<String>, Exit> {
    match (given, in_url.filter(|text| !text.is_empty())) {
        (Some(given), Some(in_url)) if given != in_url => Err(Exit::usage(
            format!("{option} and the URL give different values for the {what}"),
            format!("Leave out {option}, or take the {what} out of the URL."),
        )),
        (given, in_url) => Ok(given.or(in_url).map(str::to_owned)),
    }
}

fn version(text: &str) -> Result<VersionChoice, Exit> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => Ok(VersionChoice::Auto),
        "311" | "3.1.1" | "mqttv311" => Ok(MqttVersion::V3_1_1.into()),
        "5" | "5.0" | "mqttv5" => Ok(MqttVersion::V5.into()),
        "31" | "3.1" | "mqttv31" => Ok(MqttVersion::V3_1.into()),
        _ => Err(Exit::usage(format!("-V {text}: not a version of MQTT"), "Use -V 31, -V 311 or -V 5.")),
    }
}

fn keep_alive(text: &str) -> Result<u16, Exit> {
    number(text).ok_or_else(|| {
        Exit::usage(
            format!("-k {text}: a keep alive is a number of seconds from 0 to 65535"),
            "For example: -k 60",
        )
    })
}

/// One subscription per filter, the URL's topic first; `#` if there is none at all.
fn subscriptions(args: &Args, url: &BrokerUrl) -> Result<Vec<Subscription>, Exit> {
    let qos = match args.qos.as_deref() {
        None => QoS::default(),
        Some(text) => number::<u8>(text)
            .and_then(|level| QoS::try_from(level).ok())
            .ok_or_else(|| Exit::usage(format!("-q {text}: QoS is 0, 1 or 2"), "For example: -q 1"))?,
    };
    let from_url = Some(&url.topic).filter(|topic| !topic.is_empty());
    let mut filters: Vec<String> = from_url.into_iter().chain(&args.topic).cloned().collect();
    if filters.is_empty() {
        filters.push(Subscription::default().filter);
    }
    let mut seen = std::collections::HashSet::new();
    filters.retain(|filter| seen.insert(filter.clone()));
    Ok(filters.into_iter().map(|filter| Subscription::new(filter, qos)).collect())
}

/// What the form would mark as wrong is wrong here too, under the option's name.
fn check(profile: &Profile) -> Result<(), Exit> {
    // The name is the host's: what is wrong with it is told of the host.
    let error = validate(profile).into_iter().find(|error| error.field != Field::Name);
    let Some(error) = error else { return Ok(()) };
    let connect = &profile.connect;
    let option = match error.field {
        Field::Name | Field::Host => format!("-h \"{}\"", connect.host),
        Field::Port => format!("-p {}", connect.port),
        Field::Username => "-u".to_owned(),
        Field::ClientId if connect.client_id.is_empty() => "-c without -i".to_owned(),
        Field::ClientId => "-i".to_owned(),
        Field::KeepAlive => format!("-k {}", connect.keep_alive_s),
        Field::Subscription(index) => {
            format!("-t {}", connect.subscriptions.get(index).map_or("", |subscription| &subscription.filter))
        }
        Field::CaCertificate => "--cafile".to_owned(),
        other => other.name().to_owned(),
    };
    Err(Exit::usage(format!("{option} cannot be used"), error.text))
}

/// Digits only: `parse` alone takes a plus sign.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}
