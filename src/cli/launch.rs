//! Checks the arguments and says which connections to open and how to draw the window.

use std::path::{Path, PathBuf};

use crate::cli::args::Args;
use crate::cli::connection::{Applied, Environment, PropertyArg, qos, refuse};
use crate::interchange::SNAPSHOT_ENDING;
use crate::message::QoS;
use crate::mqtt::options::{ConnectOptions, Protocol, Secrets, Subscription};
use crate::store::profiles::{PasswordPlace, Profile, validate};
use crate::store::settings::Renderer;
use crate::words::cli::{PropertyError, Usage};

/// How to open the window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Launch {
    /// Unsaved connections to open at once.
    pub connections: Vec<Connection>,
    /// Folders of recordings, or files that open as they do.
    pub recordings: Vec<PathBuf>,
    /// Names of the saved connections to open; [`super::named_profiles`] finds them.
    pub saved: Vec<String>,
    /// Secrets from the environment for the saved connection that is named. With several it would be unclear which one
    /// they belong to.
    pub given: Secrets,
    /// Whether to start the embedded broker and open it.
    pub demo: bool,
    /// The renderer for the window; `None` uses the setting.
    pub renderer: Option<Renderer>,
    /// The file that receives one line of JSON a second.
    pub perf_log: Option<PathBuf>,
}

/// A connection from the command line. Its profile is saved only if the person asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Connection {
    /// The profile, named after the host, and the port if it is not the default.
    pub profile: Profile,
    /// The secrets given. A password is asked for if the broker refuses the user name alone.
    pub secrets: Secrets,
    /// Whether the connection may come from a link written by somebody else. Then the person is asked before
    /// connecting.
    pub may_be_link: bool,
}

/// Checks the arguments and fills in defaults.
pub(super) fn build(mut args: Args, environment: &Environment) -> Result<Launch, Usage> {
    // A folder or a file takes the place of a URL, which is never the name of one.
    let folder = args.address.take_if(|address| is_recording(address.expose()));
    let recordings = folder.map(|folder| PathBuf::from(folder.expose())).into_iter().collect();
    let connection = if args.address.is_some() || args.connection.names_a_broker() {
        Some(connection(&args, environment)?)
    } else {
        match connection_option(&args) {
            // Like mosquitto_sub, it connects to this machine if no host is given.
            Some(_) if args.profile.is_empty() && !args.demo => Some(connection(&args, environment)?),
            Some(option) => {
                let other = if args.demo { "--demo" } else { "--profile" };
                return Err(Usage::OptionBeside { option, other });
            }
            None => None,
        }
    };
    let given = if args.profile.len() == 1 { environment.all()? } else { Secrets::default() };
    let Args { profile: saved, demo, perf_log, renderer, .. } = args;
    let renderer = renderer.map(|name| renderer_named(&name)).transpose()?;
    Ok(Launch {
        connections: connection.into_iter().collect(),
        saved,
        given,
        demo,
        renderer,
        perf_log,
        recordings,
    })
}

/// How the names of files end that open as recordings do.
const RECORDING_ENDINGS: [&str; 5] = [SNAPSHOT_ENDING, "mqrec", "mcap", "jsonl", "ndjson"];

fn is_recording(address: &str) -> bool {
    let path = Path::new(address);
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase);
    let is_ours = ending.is_some_and(|ending| RECORDING_ENDINGS.contains(&ending.as_str()));
    !address.contains("://") && (path.is_dir() || is_ours && path.is_file())
}

fn renderer_named(name: &str) -> Result<Renderer, Usage> {
    let renderer = if name == "glow" { Renderer::Glow } else { Renderer::Wgpu };
    if renderer.is_built_in() { Ok(renderer) } else { Err(Usage::RendererNotBuilt(renderer)) }
}

/// The first option that concerns a connection, as it is typed.
fn connection_option(args: &Args) -> Option<&'static str> {
    let given = [(!args.topic.is_empty(), "-t"), (args.qos.is_some(), "-q")];
    let own = given.into_iter().find_map(|(given, name)| given.then_some(name));
    args.connection.first_given().or(own)
}

fn connection(args: &Args, environment: &Environment) -> Result<Connection, Usage> {
    let (mut options, applied) = args.connection.resolve(args.address.as_ref(), environment)?;
    let Applied { secrets, topic, properties } = applied;
    if let Some(PropertyArg { command, .. }) = properties.into_iter().next() {
        return Err(Usage::Property(PropertyError::NotOfWindow { command }));
    }
    options.subscriptions = subscriptions(args, topic)?;
    let profile = Profile { password_place: PasswordPlace::Ask, ..Profile::new(name_of(&options), options) };
    refuse(&validate(&profile), &profile.connect)?;
    Ok(Connection { profile, secrets, may_be_link: args.is_bare_address() && !environment.from_shell })
}

/// The default name of a connection. Two brokers on one host get different names.
fn name_of(options: &ConnectOptions) -> String {
    let ConnectOptions { protocol, host, port, .. } = options;
    if *protocol == Protocol::Unix || *port == protocol.default_port() {
        host.clone()
    } else if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// One subscription per filter, starting with the URL's topic; `#` if there is none.
fn subscriptions(args: &Args, topic: String) -> Result<Vec<Subscription>, Usage> {
    let qos = args.qos.as_deref().map_or(Ok(QoS::default()), |text| qos("-q", text))?;
    let from_url = Some(topic).filter(|topic| !topic.is_empty());
    let mut filters: Vec<String> = from_url.into_iter().chain(args.topic.iter().cloned()).collect();
    if filters.is_empty() {
        filters.push(Subscription::default().filter);
    }
    let mut seen = std::collections::HashSet::new();
    filters.retain(|filter| seen.insert(filter.clone()));
    Ok(filters.into_iter().map(|filter| Subscription::new(filter, qos)).collect())
}
