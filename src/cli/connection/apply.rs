//! Applies the typed options to a connection, new or saved.

use crate::cli::connection::value::{count, keep_alive, number, port, qos, tls_versions, version};
use crate::cli::connection::{ConnectionArgs, Environment, PropertyArg, proxy};
use crate::mqtt::options::{
    Authentication, ConnectOptions, Protocol, Secret, Secrets, WebsocketOptions, Will, WillProperties,
};
use crate::store::secrets;
use crate::store::url::BrokerUrl;
use crate::words::cli::{PropertyError, UrlPart, Usage};

/// What the arguments give besides a connection's options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The secrets that were given.
    pub secrets: Secrets,
    /// The topic after the host of an `mqtt` URL; empty if there is none.
    pub topic: String,
    /// Properties for commands other than CONNECT and the will: the caller handles or rejects them.
    pub properties: Vec<PropertyArg>,
}

impl ConnectionArgs {
    /// Creates a connection with these options, to be checked once the caller has added the subscriptions. Without a
    /// broker it connects to this machine, like mosquitto's programs. `address` is a URL given as a plain argument.
    pub fn resolve(
        &self,
        address: Option<&Secret>,
        environment: &Environment,
    ) -> Result<(ConnectOptions, Applied), Usage> {
        let mut options = ConnectOptions {
            host: "localhost".to_owned(),
            subscriptions: Vec::new(),
            ..ConnectOptions::default()
        };
        let applied = self.apply(&mut options, address, environment)?;
        Ok((options, applied))
    }

    /// Applies the given options and leaves the rest unchanged. Secrets from the environment are used where the
    /// connection needs them and no option gives them.
    pub fn apply(
        &self,
        options: &mut ConnectOptions,
        address: Option<&Secret>,
        environment: &Environment,
    ) -> Result<Applied, Usage> {
        let url = self.apply_address(options, address)?;
        self.apply_tls(options)?;
        let mut secrets = self.apply_network(options)?;
        let username = one_of("-u", UrlPart::Username, self.username.as_deref(), Some(&url.username))?;
        put(&mut options.username, username);
        let numbered = self.id_prefix.as_ref().map(|prefix| format!("{prefix}{}", std::process::id()));
        put(&mut options.client_id, self.id.clone().or(numbered));
        let in_flight = self.max_inflight.as_deref().map(|text| count::<u16>("-M", text)).transpose()?;
        put(&mut options.mqtt5.receive_max, in_flight.map(Some));
        put(&mut options.version, self.protocol_version.as_deref().map(version).transpose()?);
        put(&mut options.keep_alive_s, self.keepalive.as_deref().map(keep_alive).transpose()?);
        self.apply_session(options)?;
        let properties = self.apply_properties_and_will(options, &mut secrets)?;

        let in_url = url.password.as_ref().map(Secret::expose);
        let password = self.password.as_ref().map(Secret::expose);
        put(&mut secrets.password, one_of("-P", UrlPart::Password, password, in_url)?.map(Secret::new));
        for kind in secrets::possible(options) {
            if secrets.get(kind).is_empty() {
                *secrets.get_mut(kind) = environment.secret(kind)?;
            }
        }
        let version = options.version;
        if !secrets.password.is_empty() && options.username.is_empty() && !version.allows_5() {
            return Err(Usage::PasswordAlone { version });
        }
        Ok(Applied { secrets, topic: url.topic, properties })
    }

    /// Sets the broker's address. Returns the URL, which holds more than that; it is empty if there is none.
    fn apply_address(
        &self,
        options: &mut ConnectOptions,
        address: Option<&Secret>,
    ) -> Result<BrokerUrl, Usage> {
        let url = self.broker_url(address)?;
        let was = options.host.clone();
        if let Some(url) = &url {
            if let (Some(option), false) = (self.first_of_tls(), url.protocol.has_tls()) {
                return Err(Usage::NoTls { option, protocol: url.protocol });
            }
            reach_by(options, url.protocol);
            put(&mut options.websocket.path, url.path.clone());
            options.host.clone_from(&url.host);
        } else if let Some(host) = &self.host {
            // A host is reached over TCP, even if the saved connection uses a socket file.
            if options.protocol == Protocol::Unix {
                reach_by(options, Protocol::Mqtt);
            }
            host.trim().trim_start_matches('[').trim_end_matches(']').clone_into(&mut options.host);
        }
        if !is_same_host(&was, &options.host) {
            leave_out_keys(&mut options.websocket, url.is_some());
        }
        let says_how = url.is_some();
        let url = url.unwrap_or_default();
        if self.ws && !options.protocol.is_websocket() {
            reach_by(options, if options.protocol.has_tls() { Protocol::Wss } else { Protocol::Ws });
        }
        if let (Protocol::Unix, Some(text)) = (options.protocol, &self.port) {
            return Err(Usage::PortOfSocketFile { text: text.clone() });
        }
        let in_url = url.port.map(|port| port.to_string());
        let given = one_of("-p", UrlPart::Port, self.port.as_deref(), in_url.as_deref())?;
        put(&mut options.port, given.as_deref().map(port).transpose()?);
        // Only a URL may request a plain connection on a TLS port: otherwise a password could be sent in the clear.
        if !says_how && (self.port.is_some() || self.ws) && options.is_plain_on_a_tls_port() {
            options.protocol = secure(options.protocol);
        }
        Ok(url)
    }

    /// The broker's URL, or its socket file as a URL.
    fn broker_url(&self, address: Option<&Secret>) -> Result<Option<BrokerUrl>, Usage> {
        let named = [address.is_some(), self.url.is_some(), self.host.is_some(), self.unix.is_some()];
        if named.into_iter().filter(|named| *named).count() > 1 {
            return Err(Usage::SeveralBrokers);
        }
        if let Some(path) = &self.unix {
            let (protocol, host) = (Protocol::Unix, path.clone());
            return Ok(Some(BrokerUrl { protocol, host, ..BrokerUrl::default() }));
        }
        let option = if address.is_some() { "URL" } else { "-L" };
        let url = address.or(self.url.as_ref()).map(|url| BrokerUrl::parse(url.expose())).transpose();
        url.map_err(|error| Usage::Url { option, error })
    }

    /// Sets the encryption. TLS options turn it on and change the default port accordingly.
    fn apply_tls(&self, options: &mut ConnectOptions) -> Result<(), Usage> {
        let Some(option) = self.first_of_tls() else { return Ok(()) };
        if options.protocol == Protocol::Unix {
            return Err(Usage::NoTls { option, protocol: Protocol::Unix });
        }
        let protocol = secure(options.protocol);
        if self.port.is_none() && options.port == options.protocol.default_port() {
            options.port = protocol.default_port();
        }
        options.protocol = protocol;
        if self.cafile.is_some() || self.capath.is_some() || self.tls_use_os_certs {
            options.ca_certificate = self.cafile.clone().or_else(|| self.capath.clone());
        }
        let tls = &mut options.tls;
        put(&mut tls.client_certificate, self.cert.clone().map(Some));
        put(&mut tls.client_key, self.key.clone().map(Some));
        put(&mut tls.versions, self.tls_version.as_deref().map(tls_versions).transpose()?);
        tls.verify &= !self.trust_any_certificate;
        tls.verify_host &= !self.insecure;
        if !self.tls_alpn.is_empty() {
            tls.alpn.clone_from(&self.tls_alpn);
        }
        Ok(())
    }

    /// Sets the network options. Returns the proxy's password.
    fn apply_network(&self, options: &mut ConnectOptions) -> Result<Secrets, Usage> {
        put(&mut options.network.bind_address, self.bind_address.clone());
        let Some(url) = &self.proxy else { return Ok(Secrets::default()) };
        let (proxy, password) = proxy::parse(url.expose())?;
        options.network.proxy = Some(proxy);
        Ok(Secrets { proxy_password: password.unwrap_or_default(), ..Secrets::default() })
    }

    /// Sets whether and how long the broker keeps the session.
    fn apply_session(&self, options: &mut ConnectOptions) -> Result<(), Usage> {
        options.clean_session &= !self.keep_session;
        let expiry_s = &mut options.mqtt5.session_expiry_s;
        match self.session_expiry.as_deref() {
            Some("-1" | "\u{221e}") => *expiry_s = Some(u32::MAX),
            Some(text) => {
                let seconds = number(text);
                *expiry_s = Some(seconds.ok_or_else(|| Usage::SessionExpiry { text: text.to_owned() })?);
            }
            // Like mosquitto's programs; by default MQTT 5 would end the session with the connection.
            None if self.keep_session => *expiry_s = options.version.allows_5().then_some(u32::MAX),
            None => {}
        }
        Ok(())
    }

    /// Sets the properties of CONNECT and the last will. Returns the properties for other commands.
    fn apply_properties_and_will(
        &self,
        options: &mut ConnectOptions,
        secrets: &mut Secrets,
    ) -> Result<Vec<PropertyArg>, Usage> {
        // With a topic it is a new will; without one the options change the saved will.
        let saved = options.will.clone().filter(|_| self.will_topic.is_none());
        let mut of_will = saved.as_ref().map(|will| will.properties.clone()).unwrap_or_default();
        let mut others = Vec::new();
        for joined in &self.property {
            others.extend(PropertyArg::parse(joined)?.apply(options, &mut of_will, secrets)?);
        }
        if !secrets.token.is_empty() && options.authentication == Authentication::None {
            return Err(Usage::Property(PropertyError::DataWithoutMethod));
        }
        if self.says_a_will() {
            options.will = Some(self.will(saved, of_will)?);
        }
        Ok(others)
    }

    /// The last will; `saved` supplies whatever is not given.
    fn will(&self, saved: Option<Will>, properties: WillProperties) -> Result<Will, Usage> {
        let topic = self.will_topic.clone().or_else(|| saved.as_ref().map(|will| will.topic.clone()));
        let topic = topic.ok_or(Usage::WillWithoutTopic)?;
        let saved = saved.unwrap_or_default();
        let qos = self.will_qos.as_deref().map_or(Ok(saved.qos), |text| qos("--will-qos", text))?;
        let payload = self.will_payload.clone().unwrap_or(saved.payload);
        Ok(Will { topic, payload, qos, retain: self.will_retain || saved.retain, properties })
    }
}

/// Replaces a value if a new one was given.
fn put<T>(place: &mut T, given: Option<T>) {
    if let Some(value) = given {
        *place = value;
    }
}

/// Switches the protocol, with its default port and path.
fn reach_by(options: &mut ConnectOptions, protocol: Protocol) {
    (options.protocol, options.port) = (protocol, protocol.default_port());
    options.websocket.path = WebsocketOptions::default().path;
}

/// The TLS variant of a protocol, if it has one.
fn secure(protocol: Protocol) -> Protocol {
    match protocol {
        Protocol::Mqtt => Protocol::Mqtts,
        Protocol::Ws => Protocol::Wss,
        same @ (Protocol::Mqtts | Protocol::Wss | Protocol::Unix) => same,
    }
}

/// Whether two host names are the same, ignoring case and surrounding spaces.
pub fn is_same_host(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Removes headers and the path's query: they grant access to one web server and mean nothing to another.
fn leave_out_keys(websocket: &mut WebsocketOptions, path_is_new: bool) {
    websocket.headers.clear();
    if !path_is_new {
        let end = websocket.path.find('?').unwrap_or(websocket.path.len());
        websocket.path.truncate(end);
    }
}

/// A value that may come from an option, the URL, or both if they agree.
fn one_of(
    option: &'static str,
    what: UrlPart,
    given: Option<&str>,
    in_url: Option<&str>,
) -> Result<Option<String>, Usage> {
    match (given, in_url.filter(|text| !text.is_empty())) {
        (Some(given), Some(in_url)) if given != in_url => Err(Usage::Contradiction { option, what }),
        (given, in_url) => Ok(given.or(in_url).map(str::to_owned)),
    }
}
