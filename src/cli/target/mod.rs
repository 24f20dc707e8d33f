//! Which broker a command without a window talks to, and as whom: the options of the command line, a saved connection,
//! or a saved connection with options over it.

use std::io::IsTerminal as _;

use crate::cli::connection::{ConnectionArgs, Environment, Property, Resolved, no_port, no_tls, refuse};
use crate::cli::{Exit, named_profile};
use crate::mqtt::options::{ConnectOptions, Protocol, Secret, SecretKind, Secrets, WebsocketOptions};
use crate::store::document::{Damage, Document as _};
use crate::store::profiles::validate;
use crate::store::secrets::{self, Gathered, SecretError};
use crate::store::{PasswordPlace, Paths, Profile, Profiles, SecretStore};

/// Which client a command is with a saved connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    /// The saved one: its ID, its session and its will.
    Saved,
    /// One of its own, unless -i or -c say otherwise: with the saved ID it would end the connection that uses it, and take
    /// the messages that the broker keeps for it.
    Own,
}

/// A connection to open, checked.
#[derive(Debug)]
pub(super) struct Target {
    /// Of a saved connection with its subscriptions; they are the command's to change.
    pub profile: Profile,
    /// Those that were given.
    pub given: Secrets,
    /// The topic in the URL; empty if there is none.
    pub topic: String,
    /// `-D` of other commands than CONNECT and the will: the command's, or wrong.
    pub properties: Vec<Property>,
    /// What is kept of these kinds was kept for another broker, user, key or proxy than the options name.
    foreign: Vec<SecretKind>,
}

impl Target {
    /// What `args` and the saved connection `name` mean together.
    pub(super) fn find(
        args: &ConnectionArgs,
        name: Option<&str>,
        client: Client,
        environment: &Environment,
    ) -> Result<Self, Exit> {
        match name {
            None => {
                let Resolved { options, secrets, topic, properties } = args.resolve(None, environment)?;
                let profile = Profile {
                    password_place: PasswordPlace::Ask,
                    ..Profile::new(&options.host, options.clone())
                };
                Ok(Self { profile, given: secrets, topic, properties, foreign: Vec::new() })
            }
            Some(name) => {
                let mut profile = saved(name)?;
                if client == Client::Own {
                    stand_apart(args, &mut profile.connect);
                }
                overlay(args, profile, environment)
            }
        }
    }

    /// Whether the connection can be opened, once the command has changed what it wants to.
    pub(super) fn check(&self) -> Result<(), Exit> {
        refuse(&validate(&self.profile), &self.profile.connect)
    }

    /// The secrets that were given, are kept, or are typed now. Without a terminal the broker has to do without.
    pub(super) fn secrets(&self) -> Result<Secrets, String> {
        let Gathered { mut secrets, missing, problem } = self.gather(SecretStore::from_env());
        if std::io::stdin().is_terminal() {
            for kind in missing {
                *secrets.get_mut(kind) = ask(kind, &self.profile.connect)?;
            }
        } else if let Some(error @ SecretError::Refused { .. }) = problem {
            return Err(error.to_string());
        }
        Ok(secrets)
    }

    /// What is given and kept, and nothing that is kept for somebody else.
    fn gather(&self, store: SecretStore) -> Gathered {
        let nothing_kept = Profile { password_place: PasswordPlace::Ask, ..self.profile.clone() };
        let needed = store.gather(&nothing_kept, self.given.clone());
        let (foreign, own): (Vec<_>, Vec<_>) =
            needed.missing.iter().partition(|kind| self.foreign.contains(kind));
        if own.is_empty() {
            return needed; // and the keyring is left alone
        }
        let mut found = store.gather(&self.profile, self.given.clone());
        for kind in &foreign {
            *found.secrets.get_mut(*kind) = Secret::default();
        }
        let missing = needed.missing.into_iter();
        let missing = missing.filter(|kind| foreign.contains(kind) || found.missing.contains(kind));
        Gathered { missing: missing.collect(), ..found }
    }
}

/// A saved connection by its name. The file is only looked at; what is wrong with it is told when the window has it.
fn saved(name: &str) -> Result<Profile, Exit> {
    let paths = Paths::from_env().map_err(|error| {
        Exit::usage(format!("--profile {name}: {error}"), "MQTTREE_HOME names a folder of your own.")
    })?;
    let mut damage = None;
    let profiles = match std::fs::read(paths.profiles()) {
        Ok(bytes) => {
            let parsed = Profiles::parse(&bytes);
            damage = parsed.damage;
            parsed.document
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Profiles::default(),
        Err(error) => {
            let file = paths.profiles();
            return Err(Exit::usage(
                format!("--profile {name}: {} cannot be read: {error}", file.display()),
                "Name the broker with -h HOST instead.",
            ));
        }
    };
    let found = named_profile(name, &profiles).cloned();
    match (found, damage) {
        // The one that was asked for may be among those that could not be read.
        (Err(_), Some(Damage { why, salvaged })) => Err(Exit::usage(
            format!("--profile {name}: {} is damaged. {why}", paths.profiles().display()),
            format!("{salvaged} Mend the file, or name the broker with -h HOST instead."),
        )),
        (found, _) => found,
    }
}

/// Takes what makes it the saved client out of a saved connection.
fn stand_apart(args: &ConnectionArgs, connect: &mut ConnectOptions) {
    if args.id.is_some() || args.keep_session {
        return;
    }
    connect.client_id.clear();
    connect.clean_session = true;
    connect.mqtt5.session_expiry_s = None;
    if !args.says_a_will() {
        connect.will = None;
    }
}

/// Puts what the options say over a saved connection.
fn overlay(args: &ConnectionArgs, mut profile: Profile, environment: &Environment) -> Result<Target, Exit> {
    let nothing = Environment::default();
    // Alone a password needs MQTT 5; here it may be that of the saved user name.
    let version =
        args.protocol_version.clone().filter(|_| args.password.is_none() || args.username.is_some());
    let saved_will = profile.connect.will.clone();
    let will_topic = args.will_topic.clone().or_else(|| saved_will.as_ref().map(|will| will.topic.clone()));
    let loose = ConnectionArgs { protocol_version: version, will_topic, ..args.clone() };
    let resolved = loose.resolve(None, &nothing)?;
    let Resolved { options: given, mut secrets, topic, properties } = resolved;
    let saved = profile.connect.clone();
    let connect = &mut profile.connect;
    lay_address(args, &given, connect)?;
    lay_security(args, &given, connect)?;
    if !given.username.is_empty() {
        connect.username.clone_from(&given.username);
    }
    if args.id.is_some() {
        connect.client_id = given.client_id;
    }
    if args.protocol_version.is_some() {
        connect.version = args.version()?;
    }
    if args.keepalive.is_some() {
        connect.keep_alive_s = given.keep_alive_s;
    }
    if args.keep_session {
        connect.clean_session = false;
    }
    if args.keep_session || args.session_expiry.is_some() {
        connect.mqtt5.session_expiry_s = given.mqtt5.session_expiry_s;
    }
    // With a topic it is another will; without one the options change the saved one.
    let saved_will = saved_will.filter(|_| args.will_topic.is_none());
    let mut of_will = saved_will.as_ref().map(|will| will.properties.clone()).unwrap_or_default();
    for joined in &args.property {
        Property::parse(joined)?.apply(connect, &mut of_will, &mut secrets)?;
    }
    if args.says_a_will() {
        connect.will = args.will(saved_will, of_will)?;
    }
    for kind in secrets::possible(connect) {
        if secrets.get(kind).is_empty() {
            *secrets.get_mut(kind) = environment.secrets.get(kind).clone();
        }
    }
    let foreign = foreign(&saved, connect);
    Ok(Target { profile, given: secrets, topic, properties, foreign })
}

/// The secrets that are kept for `saved` and are nothing to what `now` connects to.
fn foreign(saved: &ConnectOptions, now: &ConnectOptions) -> Vec<SecretKind> {
    let same_broker = is_same_host(&saved.host, &now.host);
    let same_key = saved.tls.client_key == now.tls.client_key
        && saved.tls.client_certificate == now.tls.client_certificate;
    let is_foreign = |kind: &SecretKind| {
        !same_broker
            || match kind {
                SecretKind::Password => saved.username != now.username,
                SecretKind::KeyPassphrase => !same_key,
                SecretKind::ProxyPassword => saved.network.proxy != now.network.proxy,
                SecretKind::Token => false,
            }
    };
    SecretKind::ALL.into_iter().filter(is_foreign).collect()
}

/// Where the broker is.
fn lay_address(
    args: &ConnectionArgs,
    given: &ConnectOptions,
    connect: &mut ConnectOptions,
) -> Result<(), Exit> {
    // A host is reached by TCP, also where the saved connection is a socket file.
    let leaves_the_file = args.host.is_some() && connect.protocol == Protocol::Unix;
    if args.url.is_some() || args.unix.is_some() || leaves_the_file {
        (connect.protocol, connect.port) = (given.protocol, given.port);
        connect.websocket.path.clone_from(&given.websocket.path);
    }
    if args.names_a_broker() {
        if !is_same_host(&connect.host, &given.host) {
            leave_out_keys(args, &mut connect.websocket);
        }
        connect.host.clone_from(&given.host);
    }
    if let Some(port) = &args.port {
        if connect.protocol == Protocol::Unix {
            return Err(no_port(port));
        }
        connect.port = given.port;
    }
    if args.bind_address.is_some() {
        connect.network.bind_address.clone_from(&given.network.bind_address);
    }
    if args.proxy.is_some() {
        connect.network.proxy.clone_from(&given.network.proxy);
    }
    Ok(())
}

fn is_same_host(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Headers and the query of a path let somebody in at one web server, and are nothing to another one.
fn leave_out_keys(args: &ConnectionArgs, websocket: &mut WebsocketOptions) {
    websocket.headers.clear();
    if args.url.is_none() {
        let path = websocket.path.split('?').next().unwrap_or_default().to_owned();
        websocket.path = path;
    }
}

/// How it is encrypted.
fn lay_security(
    args: &ConnectionArgs,
    given: &ConnectOptions,
    connect: &mut ConnectOptions,
) -> Result<(), Exit> {
    if let (Protocol::Unix, Some(option)) = (connect.protocol, args.first_of_tls()) {
        return Err(no_tls(option, Protocol::Unix));
    }
    let protocol = match connect.protocol {
        Protocol::Mqtt if given.protocol.has_tls() => Protocol::Mqtts,
        Protocol::Ws if given.protocol.has_tls() => Protocol::Wss,
        same => same,
    };
    let is_default = args.port.is_none() && connect.port == connect.protocol.default_port();
    if protocol != connect.protocol && is_default {
        connect.port = protocol.default_port();
    }
    connect.protocol = protocol;
    if args.cafile.is_some() || args.tls_use_os_certs {
        connect.ca_certificate.clone_from(&given.ca_certificate);
    }
    if args.cert.is_some() {
        connect.tls.client_certificate.clone_from(&given.tls.client_certificate);
    }
    if args.key.is_some() {
        connect.tls.client_key.clone_from(&given.tls.client_key);
    }
    if args.insecure {
        connect.tls.verify = false;
    }
    if !args.tls_alpn.is_empty() {
        connect.tls.alpn.clone_from(&given.tls.alpn);
    }
    if args.tls_version.is_some() {
        connect.tls.versions = given.tls.versions;
    }
    Ok(())
}

fn ask(kind: SecretKind, connect: &ConnectOptions) -> Result<Secret, String> {
    let what = match kind {
        SecretKind::Password => format!("Password of {}", connect.username),
        SecretKind::KeyPassphrase => "Passphrase of the client key".to_owned(),
        SecretKind::ProxyPassword => "Password of the proxy".to_owned(),
        SecretKind::Token => "Token".to_owned(),
    };
    let prompt = format!("{what} for {}: ", connect.url());
    rpassword::prompt_password(prompt)
        .map(Secret::new)
        .map_err(|error| format!("it cannot be asked for on the terminal: {error}"))
}

#[cfg(test)]
mod tests;
