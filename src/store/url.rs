//! A broker's address as people write it: `mqtt://user:password@host:1883/topic/filter`.
//!
//! Called by the command line and by the form's Host field, into which people paste such addresses. No error holds
//! anything that could be a password.

use crate::message::QoS;
use crate::mqtt::check::{is_ipv6, possible_host};
use crate::mqtt::options::{ConnectOptions, Protocol, Secret, Subscription};

/// The parts of a broker's address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokerUrl {
    /// From the scheme.
    pub protocol: Protocol,
    /// Without brackets, percent-decoded; the path of a socket file.
    pub host: String,
    /// The port; `None` for the protocol's default.
    pub port: Option<u16>,
    /// Percent-decoded; empty if there is none.
    pub username: String,
    /// Percent-decoded; `None` if there is no colon behind the user name.
    pub password: Option<Secret>,
    /// The path and the query of a websocket as written, with the leading slash; `None` if there is none.
    pub path: Option<String>,
    /// For `mqtt` and `mqtts`, what follows the first slash, percent-decoded: a topic filter, as with `mosquitto_sub
    /// -L`. Empty if there is none.
    pub topic: String,
}

/// What is wrong with an address. It quotes nothing, because that may be a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// There is no `://`.
    NoScheme,
    /// The scheme is not known.
    UnknownScheme,
    /// The path of the socket is missing or relative, as in `unix://run/x`.
    NoSocketPath,
    /// The host is missing, as in `mqtt://` or `mqtt://:1883`.
    NoHost,
    /// The host contains spaces, control characters or the like.
    BadHost,
    /// The brackets are not closed, as in `[::1`, or do not hold an IPv6 address.
    BadIpv6,
    /// An IPv6 address has no brackets, as in `mqtt://::1`.
    Ipv6WithoutBrackets,
    /// The port is not a number from 1 to 65,535.
    BadPort,
    /// A `%` is not followed by two hexadecimal digits, or the result is not UTF-8.
    BadPercent,
}

/// The schemes and what they mean; the second names are those that other programs use.
const SCHEMES: [(&str, Protocol); 8] = [
    ("mqtt", Protocol::Mqtt),
    ("mqtts", Protocol::Mqtts),
    ("ws", Protocol::Ws),
    ("wss", Protocol::Wss),
    ("unix", Protocol::Unix),
    ("tcp", Protocol::Mqtt),
    ("ssl", Protocol::Mqtts),
    ("tls", Protocol::Mqtts),
];

impl BrokerUrl {
    /// Parses an address.
    ///
    /// With `mqtt` and `mqtts` everything after the first slash is the topic, including `?` and `#`, so that a filter
    /// like `plant/#` needs no escape. With `ws` and `wss` it is the path, and with `unix` the file.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.trim().split_once("://").ok_or(UrlError::NoScheme)?;
        let known = SCHEMES.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(scheme));
        let (_, protocol) = known.ok_or(UrlError::UnknownScheme)?;
        let slash = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(slash);
        if protocol == Protocol::Unix {
            return Self::socket_file(authority, path);
        }
        if protocol.is_websocket() {
            // A query may directly follow the host; the path is then the root.
            let (authority, query) = authority.split_at(authority.find('?').unwrap_or(authority.len()));
            let path = if query.is_empty() { path.to_owned() } else { format!("/{query}{path}") };
            let path = Some(path).filter(|path| !path.is_empty());
            return Ok(Self { protocol, path, ..Authority::parse(authority)?.into() });
        }
        let topic = percent_decode(path.strip_prefix('/').unwrap_or_default())?;
        Ok(Self { protocol, topic, ..Authority::parse(authority)?.into() })
    }

    /// Parses `unix:///path` or `unix://user:password@/path`.
    fn socket_file(authority: &str, path: &str) -> Result<Self, UrlError> {
        let user = match authority.strip_suffix('@') {
            Some(user) => Some(user),
            None if authority.is_empty() => None,
            None => return Err(UrlError::NoSocketPath),
        };
        let host = percent_decode(path)?;
        if host.is_empty() {
            return Err(UrlError::NoSocketPath);
        }
        let (username, password) = split_user(user)?;
        Ok(Self { protocol: Protocol::Unix, host, username, password, ..Self::default() })
    }

    /// Copies protocol, host, port and, if given, path and user name into `options`. The topic is left to the caller.
    pub fn apply(&self, options: &mut ConnectOptions) {
        options.protocol = self.protocol;
        options.host.clone_from(&self.host);
        options.port = self.port.unwrap_or(self.protocol.default_port());
        if !self.username.is_empty() {
            options.username.clone_from(&self.username);
        }
        if let Some(path) = &self.path {
            options.websocket.path.clone_from(path);
        }
    }
}

/// The part `user:password@host:port`, in which only the host is required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// Without brackets, percent-decoded.
    pub host: String,
    /// The port, if given.
    pub port: Option<u16>,
    /// Percent-decoded; empty if there is none.
    pub username: String,
    /// Percent-decoded; `None` if there is no colon behind the user name.
    pub password: Option<Secret>,
}

impl Authority {
    /// Parses it.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        // The last @, because people forget to escape the one in their password.
        let (user, address) = match text.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, text),
        };
        let (host, port) = split_address(address)?;
        let (username, password) = split_user(user)?;
        Ok(Self { host, port, username, password })
    }
}

impl From<Authority> for BrokerUrl {
    fn from(authority: Authority) -> Self {
        let Authority { host, port, username, password } = authority;
        Self { host, port, username, password, ..Self::default() }
    }
}

fn split_user(user: Option<&str>) -> Result<(String, Option<Secret>), UrlError> {
    let (username, password) = match user.and_then(|user| user.split_once(':')) {
        Some((username, password)) => (username, Some(Secret::new(percent_decode(password)?))),
        None => (user.unwrap_or_default(), None),
    };
    Ok((percent_decode(username)?, password))
}

/// Moves what a person typed or pasted into the Host field to where it belongs: a whole URL, `host:1884`, `[::1]:1884`
/// or `[::1]`. The topic of a URL replaces the subscription to `#` of a new connection. Anything else is left as it is.
/// Returns the password if there was one.
pub fn spread_host(options: &mut ConnectOptions) -> Result<Option<Secret>, UrlError> {
    let typed = options.host.trim();
    if typed.contains("://") {
        let url = BrokerUrl::parse(typed)?;
        url.apply(options);
        subscribe(options, url.topic);
        return Ok(url.password);
    }
    if options.protocol == Protocol::Unix {
        return Ok(None);
    }
    let port_follows = typed.starts_with('[') || typed.matches(':').count() == 1;
    if port_follows {
        let (host, port) = split_address(typed)?;
        options.host = host;
        options.port = port.unwrap_or(options.port);
    } else if typed.len() != options.host.len() {
        options.host = typed.to_owned();
    }
    Ok(None)
}

fn subscribe(options: &mut ConnectOptions, filter: String) {
    let list = &mut options.subscriptions;
    if filter.is_empty() || list.iter().any(|subscription| subscription.filter == filter) {
        return;
    }
    if *list == ConnectOptions::default().subscriptions {
        list.clear();
    }
    list.push(Subscription::new(filter, QoS::default()));
}

/// Whether the Host field holds something that is not a host and may contain a password. Such a text is not saved.
pub fn may_hold_password(options: &ConnectOptions) -> bool {
    let host = &options.host;
    host.contains("://") || (options.protocol != Protocol::Unix && host.contains('@'))
}

/// Splits `host`, `host:port`, `[::1]` or `[::1]:port`.
fn split_address(address: &str) -> Result<(String, Option<u16>), UrlError> {
    let (host, port) = if let Some(rest) = address.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or(UrlError::BadIpv6)?;
        let port = match port.strip_prefix(':') {
            Some(port) => Some(port),
            None if port.is_empty() => None,
            None => return Err(UrlError::BadPort),
        };
        let host = percent_decode(host)?;
        if !is_ipv6(&host) {
            return Err(UrlError::BadIpv6);
        }
        (host, port)
    } else {
        if address.matches(':').count() > 1 && is_ipv6(address) {
            return Err(UrlError::Ipv6WithoutBrackets);
        }
        match address.split_once(':') {
            Some((host, port)) => (percent_decode(host)?, Some(port)),
            None => (percent_decode(address)?, None),
        }
    };
    if host.is_empty() {
        return Err(UrlError::NoHost);
    }
    if !is_ipv6(&host) && !possible_host(&host) {
        return Err(UrlError::BadHost);
    }
    // `host:` without a number means the default port (RFC 3986, 3.2.3).
    let port = port.filter(|port| !port.is_empty()).map(parse_port).transpose()?;
    Ok((host, port))
}

fn parse_port(text: &str) -> Result<u16, UrlError> {
    // `u16::parse` would accept a plus sign.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port != 0).ok_or(UrlError::BadPort)
}

fn percent_decode(text: &str) -> Result<String, UrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit =
            || rest.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or(UrlError::BadPercent);
        let (high, low) = (digit()?, digit()?);
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|_not_utf8| UrlError::BadPercent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(host: &str, port: Option<u16>) -> BrokerUrl {
        BrokerUrl { host: host.to_owned(), port, ..BrokerUrl::default() }
    }

    #[test]
    fn addresses_come_apart() {
        let user = |username: &str, password: Option<&str>| BrokerUrl {
            username: username.to_owned(),
            password: password.map(Secret::new),
            ..url("h", None)
        };
        let topic = |topic: &str| BrokerUrl { topic: topic.to_owned(), ..url("h", None) };
        let websocket = |protocol, port, path: Option<&str>| BrokerUrl {
            protocol,
            path: path.map(str::to_owned),
            ..url("h", port)
        };
        let socket = |path: &str, username: &str, password: Option<&str>| BrokerUrl {
            protocol: Protocol::Unix,
            username: username.to_owned(),
            password: password.map(Secret::new),
            ..url(path, None)
        };
        let tls = |port| BrokerUrl { protocol: Protocol::Mqtts, ..url("h", port) };
        for (text, expected) in [
            ("mqtt://h", url("h", None)),
            ("  mqtt://h\n", url("h", None)),
            ("MQTT://h", url("h", None)),
            ("tcp://h:1", url("h", Some(1))),
            ("mqtts://h", tls(None)),
            ("ssl://h:8884", tls(Some(8884))),
            ("mqtt://10.0.0.1:65535", url("10.0.0.1", Some(65_535))),
            ("mqtt://under_score.local:", url("under_score.local", None)),
            ("mqtt://[::1]", url("::1", None)),
            ("mqtt://[2001:db8::1]:1884/", url("2001:db8::1", Some(1884))),
            ("mqtt://[fe80::1%25eth0]:1", url("fe80::1%eth0", Some(1))),
            ("mqtt://b%C3%BCro.example", url("b\u{fc}ro.example", None)),
            ("mqtt://u@h", user("u", None)),
            ("mqtt://u:@h", user("u", Some(""))),
            ("mqtt://:p@h", user("", Some("p"))),
            ("mqtt://u:p@h", user("u", Some("p"))),
            ("mqtt://u%40x:p%3A%2F%40%25@h", user("u@x", Some("p:/@%"))),
            ("mqtt://u:p@ss:w@h", user("u", Some("p@ss:w"))),
            ("mqtt://u+x:p+%20@h", user("u+x", Some("p+ "))),
            ("mqtt://h/a/b", topic("a/b")),
            ("mqtt://h//a", topic("/a")),
            ("mqtt://h/#", topic("#")),
            ("mqtt://h/a/+/%23?x=@", topic("a/+/#?x=@")),
            ("mqtt://h/%E6%B8%A9", topic("\u{6e29}")),
            ("ws://h", websocket(Protocol::Ws, None, None)),
            ("wss://h/", websocket(Protocol::Wss, None, Some("/"))),
            ("WSS://h:8084/mqtt", websocket(Protocol::Wss, Some(8084), Some("/mqtt"))),
            ("wss://h/a%20b/#?token=x@y", websocket(Protocol::Wss, None, Some("/a%20b/#?token=x@y"))),
            ("ws://h?a=b/c", websocket(Protocol::Ws, None, Some("/?a=b/c"))),
            ("unix:///run/broker.sock", socket("/run/broker.sock", "", None)),
            ("unix:///run/my%20broker", socket("/run/my broker", "", None)),
            ("unix://u:p@/run/x", socket("/run/x", "u", Some("p"))),
        ] {
            assert_eq!(BrokerUrl::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn the_path_of_a_socket_file_is_left_as_it_was_typed() {
        let host = "/run/odd:name ".to_owned();
        let mut options = ConnectOptions { protocol: Protocol::Unix, host, ..ConnectOptions::default() };
        assert_eq!(spread_host(&mut options), Ok(None));
        assert_eq!((options.host.as_str(), options.port), ("/run/odd:name ", 1883));
    }

    #[test]
    fn what_is_no_address_is_told_apart() {
        for (text, expected) in [
            ("h:1883", UrlError::NoScheme),
            ("", UrlError::NoScheme),
            ("unix://", UrlError::NoSocketPath),
            ("unix://run/x", UrlError::NoSocketPath),
            ("wss:///mqtt", UrlError::NoHost),
            ("https://h", UrlError::UnknownScheme),
            ("://h", UrlError::UnknownScheme),
            ("mqtt://", UrlError::NoHost),
            ("mqtt://:1883", UrlError::NoHost),
            ("mqtt://u@", UrlError::NoHost),
            ("mqtt:///topic", UrlError::NoHost),
            ("mqtt://a b", UrlError::BadHost),
            ("mqtt://a%00b", UrlError::BadHost),
            ("mqtt://a%2Fb", UrlError::BadHost),
            ("mqtt://[::1", UrlError::BadIpv6),
            ("mqtt://[h]", UrlError::BadIpv6),
            ("mqtt://::1", UrlError::Ipv6WithoutBrackets),
            ("mqtt://[::1]1883", UrlError::BadPort),
            ("mqtt://h:0", UrlError::BadPort),
            ("mqtt://h:65536", UrlError::BadPort),
            ("mqtt://h:+1", UrlError::BadPort),
            ("mqtt://h:1:2", UrlError::BadPort),
            ("mqtt://u:p/w@h", UrlError::BadPort),
            ("mqtt://u:%@h", UrlError::BadPercent),
            ("mqtt://u:%4@h", UrlError::BadPercent),
            ("mqtt://u:%zz@h", UrlError::BadPercent),
            ("mqtt://h/%ff", UrlError::BadPercent),
        ] {
            assert_eq!(BrokerUrl::parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn what_is_pasted_into_the_host_field_is_put_where_it_belongs() {
        let spread = |host: &str| {
            let mut options = ConnectOptions { host: host.to_owned(), port: 7, ..ConnectOptions::default() };
            spread_host(&mut options).map(|password| (options, password))
        };
        let (options, password) = spread("mqtts://ada:secret@broker.example:8884/x").unwrap();
        assert_eq!(
            (options.protocol, options.host.as_str(), options.port),
            (Protocol::Mqtts, "broker.example", 8884)
        );
        assert_eq!((options.username.as_str(), password), ("ada", Some(Secret::new("secret"))));
        let filters: Vec<_> = options.subscriptions.iter().map(|one| one.filter.as_str()).collect();
        assert_eq!(filters, ["x"], "instead of the default");
        for (typed, host, port) in [
            ("mqtt://h", "h", 1883),
            ("h:1884", "h", 1884),
            (" h ", "h", 7),
            ("h", "h", 7),
            ("[::1]", "::1", 7),
            ("[::1]:1884", "::1", 1884),
            ("::1", "::1", 7),
            ("", "", 7),
        ] {
            let (options, password) = spread(typed).unwrap();
            assert_eq!((options.host.as_str(), options.port, password), (host, port, None), "{typed}");
        }
        let (options, _) = spread("wss://broker.example/mqtt?x=1").unwrap();
        assert_eq!(options.url(), "wss://broker.example:443/mqtt?…");
        assert_eq!(options.websocket.path, "/mqtt?x=1");
        let (options, _) = spread("unix:///run/x").unwrap();
        assert_eq!((options.protocol, options.host.as_str()), (Protocol::Unix, "/run/x"));
        assert_eq!(spread("h:x").unwrap_err(), UrlError::BadPort);
        assert_eq!(spread("http://h").unwrap_err(), UrlError::UnknownScheme);
    }

    #[test]
    fn a_pasted_topic_comes_to_the_others_once() {
        let mut options = ConnectOptions {
            subscriptions: vec![Subscription::new("a/#", QoS::AtLeastOnce)],
            ..ConnectOptions::default()
        };
        for host in ["mqtt://h/b/%23", "mqtt://h/b/#", "mqtt://h/a/#", "mqtt://h/", "ws://h/path"] {
            host.clone_into(&mut options.host);
            spread_host(&mut options).unwrap();
        }
        let filters: Vec<_> = options.subscriptions.iter().map(|one| one.filter.as_str()).collect();
        assert_eq!(filters, ["a/#", "b/#"]);
    }

    #[test]
    fn what_may_hold_a_password_is_no_host() {
        let holds = |protocol, host: &str| {
            may_hold_password(&ConnectOptions {
                protocol,
                host: host.to_owned(),
                ..ConnectOptions::default()
            })
        };
        assert!(holds(Protocol::Mqtt, "mqtt://u:p@h:x") && holds(Protocol::Mqtt, "u:p@h"));
        assert!(holds(Protocol::Unix, "mqtt://u:p@h"));
        assert!(!holds(Protocol::Mqtt, "h:1884") && !holds(Protocol::Unix, "@abstract"));
    }
}
