//! From the options as typed to options and secrets of a connection, or to what is wrong with them.

use crate::cli::Exit;
use crate::cli::connection::property::Property;
use crate::cli::connection::{ConnectionArgs, Environment, proxy};
use crate::message::QoS;
use crate::mqtt::check::{Field, Problem};
use crate::mqtt::options::{
    ConnectOptions, Mqtt5Options, MqttVersion, NetworkOptions, Protocol, Secret, Secrets, TlsOptions,
    TlsVersions, VersionChoice, WebsocketOptions, Will, WillProperties,
};
use crate::store::secrets;
use crate::store::url::BrokerUrl;
use crate::words::{self, Language};

/// A connection from the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// Without subscriptions: these are the caller's. To be checked once they are complete.
    pub options: ConnectOptions,
    /// Those that were given.
    pub secrets: Secrets,
    /// The topic behind the host of an `mqtt` URL; empty if there is none.
    pub topic: String,
    /// Properties of other commands than CONNECT and the will: the caller's, or wrong.
    pub properties: Vec<Property>,
}

impl ConnectionArgs {
    /// Fills in what was not given. `address` is a URL that stands alone. Without a broker it is this machine, as with
    /// mosquitto's programs.
    pub fn resolve(&self, address: Option<&Secret>, environment: &Environment) -> Result<Resolved, Exit> {
        let url = self.broker(address)?;
        let version = self.version()?;
        let defaults = ConnectOptions { version, ..ConnectOptions::default() };
        let (network, proxy_password) = self.network()?;
        let mut options = ConnectOptions {
            protocol: url.protocol,
            port: self.port(&url)?,
            username: one_of("-u", "user name", self.username.as_deref(), Some(&url.username))?
                .unwrap_or_default(),
            client_id: self.id.clone().unwrap_or_default(),
            keep_alive_s: self.keepalive.as_deref().map_or(Ok(defaults.keep_alive_s), keep_alive)?,
            clean_session: !self.keep_session,
            subscriptions: Vec::new(),
            ca_certificate: self.cafile.clone(),
            tls: self.tls()?,
            websocket: websocket(&url),
            mqtt5: self.mqtt5(version)?,
            network,
            host: url.host,
            ..defaults
        };
        let mut secrets =
            Secrets { proxy_password: proxy_password.unwrap_or_default(), ..Secrets::default() };
        let mut will_properties = WillProperties::default();
        let mut properties = Vec::new();
        for joined in &self.property {
            let property = Property::parse(joined)?;
            properties.extend(property.apply(&mut options, &mut will_properties, &mut secrets)?);
        }
        options.will = self.will(None, will_properties)?;
        let url_password = url.password.as_ref().map(Secret::expose);
        let password = self.password.as_ref().map(Secret::expose);
        secrets.password =
            one_of("-P", "password", password, url_password)?.map(Secret::new).unwrap_or_default();
        from_environment(&mut secrets, &options, environment);
        if !secrets.password.is_empty() && options.username.is_empty() && !version.allows_5() {
            return Err(Exit::usage(
                format!("a password was given without a user name, which MQTT {version} does not allow"),
                "Add -u USER, or use -V 5.",
            ));
        }
        Ok(Resolved { options, secrets, topic: url.topic, properties })
    }

    /// The version that `-V` asks for.
    pub fn version(&self) -> Result<VersionChoice, Exit> {
        self.protocol_version.as_deref().map_or(Ok(VersionChoice::default()), version)
    }

    /// The broker's address from the URL, from --unix or from -h, with TLS if an option asks for it.
    fn broker(&self, address: Option<&Secret>) -> Result<BrokerUrl, Exit> {
        let tls = self.first_of_tls();
        let protocol = if tls.is_some() { Protocol::Mqtts } else { Protocol::Mqtt };
        let named = usize::from(address.is_some())
            + [self.url.is_some(), self.host.is_some(), self.unix.is_some()]
                .map(usize::from)
                .iter()
                .sum::<usize>();
        if named > 1 {
            return Err(Exit::usage(
                "the broker is named more than once",
                "Use one of URL, -L URL, -h HOST and --unix PATH.",
            ));
        }
        let url = if let Some(url) = address.or(self.url.as_ref()) {
            let option = if address.is_some() { "URL" } else { "-L" };
            BrokerUrl::parse(url.expose()).map_err(|error| {
                Exit::usage(format!("{option}: {error}"), "For example: mqtt://user@example.org:1883")
            })?
        } else if let Some(path) = &self.unix {
            BrokerUrl { protocol: Protocol::Unix, host: path.clone(), ..BrokerUrl::default() }
        } else {
            let host = self.host.as_deref().unwrap_or("localhost");
            let host = host.trim().trim_start_matches('[').trim_end_matches(']').to_owned();
            BrokerUrl { protocol, host, ..BrokerUrl::default() }
        };
        match tls {
            Some(option) if !url.protocol.has_tls() => Err(no_tls(option, url.protocol)),
            _ => Ok(url),
        }
    }

    fn port(&self, url: &BrokerUrl) -> Result<u16, Exit> {
        if let (Protocol::Unix, Some(port)) = (url.protocol, &self.port) {
            return Err(no_port(port));
        }
        let from_url = url.port.map(|port| port.to_string());
        match one_of("-p", "port", self.port.as_deref(), from_url.as_deref())? {
            Some(text) => number(&text).filter(|port| *port != 0).ok_or_else(|| {
                Exit::usage(format!("-p {text}: a port is a number from 1 to 65535"), "For example: -p 1883")
            }),
            None => Ok(url.protocol.default_port()),
        }
    }

    fn network(&self) -> Result<(NetworkOptions, Option<Secret>), Exit> {
        let mut network = NetworkOptions {
            bind_address: self.bind_address.clone().unwrap_or_default(),
            ..NetworkOptions::default()
        };
        let Some(url) = &self.proxy else { return Ok((network, None)) };
        let (proxy, password) = proxy::parse(url.expose()).map_err(|error| {
            Exit::usage(format!("--proxy: {error}"), "For example: --proxy socks5h://user@example.org:1080")
        })?;
        network.proxy = Some(proxy);
        Ok((network, password))
    }

    fn tls(&self) -> Result<TlsOptions, Exit> {
        let versions = match self.tls_version.as_deref().map(str::to_ascii_lowercase).as_deref() {
            None => TlsVersions::Any,
            Some("tlsv1.2" | "1.2") => TlsVersions::Only1_2,
            Some("tlsv1.3" | "1.3") => TlsVersions::Only1_3,
            Some(other) => {
                return Err(Exit::usage(
                    format!("--tls-version {other}: not a version of TLS that is spoken here"),
                    "Use --tls-version tlsv1.2 or --tls-version tlsv1.3.",
                ));
            }
        };
        Ok(TlsOptions {
            client_certificate: self.cert.clone(),
            client_key: self.key.clone(),
            verify: !self.insecure,
            alpn: self.tls_alpn.clone(),
            versions,
            ..TlsOptions::default()
        })
    }

    fn mqtt5(&self, version: VersionChoice) -> Result<Mqtt5Options, Exit> {
        let session_expiry_s = match self.session_expiry.as_deref() {
            Some("-1" | "\u{221e}") => Some(u32::MAX),
            Some(text) => Some(number(text).ok_or_else(|| {
                Exit::usage(format!("-x {text}: not a number of seconds"), "For example: -x 3600, or -x -1")
            })?),
            // As with mosquitto's programs: MQTT 5 would end the session with the connection.
            None => (self.keep_session && version.allows_5()).then_some(u32::MAX),
        };
        Ok(Mqtt5Options { session_expiry_s, ..Mqtt5Options::default() })
    }

    /// The last will; `saved` is what is not given.
    pub fn will(&self, saved: Option<Will>, properties: WillProperties) -> Result<Option<Will>, Exit> {
        let Some(topic) = self.will_topic.clone().or_else(|| saved.as_ref().map(|will| will.topic.clone()))
        else {
            let without = self.will_payload.is_some() || self.will_qos.is_some() || self.will_retain;
            if without || properties != WillProperties::default() {
                return Err(Exit::usage("a last will needs a topic", "Add --will-topic TOPIC."));
            }
            return Ok(None);
        };
        let saved = saved.unwrap_or_default();
        let qos = self.will_qos.as_deref().map_or(Ok(saved.qos), |text| qos("--will-qos", text))?;
        let payload = self.will_payload.clone().unwrap_or(saved.payload);
        let retain = self.will_retain || saved.retain;
        Ok(Some(Will { topic, payload, qos, retain, properties }))
    }
}

/// That an option needs TLS where there is none.
pub fn no_tls(option: &str, protocol: Protocol) -> Exit {
    let (scheme, secure) = match protocol {
        Protocol::Ws => ("ws://", "Write wss://"),
        Protocol::Unix => ("unix://", "Use a TCP port"),
        _ => ("mqtt://", "Write mqtts://"),
    };
    Exit::usage(
        format!("{option} is for TLS, and {scheme} has none"),
        format!("{secure} or leave {option} out."),
    )
}

/// That a socket file has no port.
pub fn no_port(port: &str) -> Exit {
    Exit::usage(format!("-p {port}: a socket file has no port"), "Leave -p out.")
}

fn websocket(url: &BrokerUrl) -> WebsocketOptions {
    let defaults = WebsocketOptions::default();
    WebsocketOptions { path: url.path.clone().unwrap_or(defaults.path), ..defaults }
}

/// Secrets from the environment, where the connection needs them and no option gave them.
fn from_environment(secrets: &mut Secrets, options: &ConnectOptions, environment: &Environment) {
    for kind in secrets::possible(options) {
        if secrets.get(kind).is_empty() {
            *secrets.get_mut(kind) = environment.secrets.get(kind).clone();
        }
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
        "5" | "5.0" | "mqttv5" => Ok(MqttVersion::V5.into()),
        "311" | "3.1.1" | "mqttv311" => Ok(MqttVersion::V3_1_1.into()),
        "31" | "3.1" | "mqttv31" => Ok(MqttVersion::V3_1.into()),
        _ => Err(Exit::usage(
            format!("-V {text}: not a version of MQTT"),
            "Use -V auto, -V 5, -V 311 or -V 31.",
        )),
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

/// The QoS that an option gives.
pub fn qos(option: &str, text: &str) -> Result<QoS, Exit> {
    number::<u8>(text).and_then(|level| QoS::try_from(level).ok()).ok_or_else(|| {
        Exit::usage(format!("{option} {text}: QoS is 0, 1 or 2"), format!("For example: {option} 1"))
    })
}

/// Digits only: `parse` alone takes a plus sign.
pub fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// What the form would mark as wrong is wrong here too: the first of `problems` under the option's name.
pub fn refuse(problems: &[Problem], connect: &ConnectOptions) -> Result<(), Exit> {
    // The name is the host's: what is wrong with it is told of the host.
    let Some(Problem { field, issue }) = problems.iter().find(|problem| problem.field != Field::Name) else {
        return Ok(());
    };
    Err(Exit::usage(
        format!("{} cannot be used", option(*field, connect)),
        words::check::issue(issue, Language::English),
    ))
}

/// The option that a field comes from, as it was typed where that helps.
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
        Field::Path => "the path in the URL",
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
        // What no option sets is as it is in a new connection, which is right.
        other => words::check::field(other, Language::English),
    };
    name.to_owned()
}
