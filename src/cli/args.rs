//! The options, with mosquitto's names: what a person's fingers know works. Nothing here interprets them.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgAction, CommandFactory as _, FromArgMatches as _, Parser};

use super::{Exit, status};

const EXAMPLES: &str = "\
Examples:
  mqttree                                      open the window on the saved connections
  mqttree mqtt://user@example.org:1883 -t 'a/#'
  mqttree -h example.org -u user -t 'a/#' -t 'b/+' -V 311
  mqttree mqtts://example.org --cafile ca.pem
  mqttree --profile factory
  mqttree --demo

Environment:
  MQTTREE_PASSWORD   the password of a connection with a user name, instead of -P
  MQTTREE_HOME       a folder for settings, data and state instead of the system's
  MQTTREE_KEYRING    none: do not use the system's keyring

Exit status: 0 done, 1 refused or failed, 2 wrong usage or no display.";

/// A native desktop MQTT explorer.
///
/// Without a connection on the command line the window opens on the saved connections.
#[derive(Debug, Default, Parser)]
#[command(
    name = "mqttree",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(super) struct Args {
    /// Broker to open, as mqtt://USER:PASSWORD@HOST:PORT/TOPIC, of which only HOST is needed; mqtts:// for TLS
    #[arg(value_name = "URL")]
    pub address: Option<String>,

    /// Host name or address
    #[arg(short = 'h', long, value_name = "HOST")]
    pub host: Option<String>,
    /// Port; 1883, or 8883 with TLS, if not given
    #[arg(short, long, value_name = "PORT")]
    pub port: Option<String>,
    /// User name
    #[arg(short, long, value_name = "USER")]
    pub username: Option<String>,
    /// Password; others on this machine can see it here, MQTTREE_PASSWORD is safer
    #[arg(short = 'P', long = "pw", value_name = "PASSWORD")]
    pub password: Option<String>,
    /// Client ID; a random one if not given
    #[arg(short, long = "id", value_name = "ID")]
    pub id: Option<String>,
    /// Topic filter to subscribe to; may be repeated; # if not given
    #[arg(short, long = "topic", value_name = "TOPIC")]
    pub topic: Vec<String>,
    /// QoS of the subscriptions: 0, 1 or 2
    #[arg(short, long, value_name = "QOS")]
    pub qos: Option<String>,
    /// Protocol version: 311 or 5
    #[arg(short = 'V', long, value_name = "VERSION")]
    pub protocol_version: Option<String>,
    /// Seconds between pings
    #[arg(short, long, value_name = "SECONDS")]
    pub keepalive: Option<String>,
    /// Keep the session at the broker: no clean session; needs -i
    #[arg(short = 'c', long = "disable-clean-session")]
    pub keep_session: bool,
    /// The same as URL, under mosquitto's name
    #[arg(short = 'L', long, value_name = "URL")]
    pub url: Option<String>,
    /// PEM file of the certificate authority to trust; turns TLS on
    #[arg(long, value_name = "FILE")]
    pub cafile: Option<PathBuf>,

    /// Open a saved connection; may be repeated
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Open a broker of its own with simulated devices
    #[arg(long)]
    pub demo: bool,
    /// What draws the window
    #[arg(long, value_name = "RENDERER", value_parser = ["glow", "wgpu"])]
    pub renderer: Option<String>,
    /// Write one line of JSON a second about speed and memory
    #[arg(long, value_name = "FILE")]
    pub perf_log: Option<PathBuf>,

    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// Takes the arguments apart. Help and version come back as an [`Exit`] too.
pub(super) fn read(args: impl IntoIterator<Item = OsString>) -> Result<Args, Exit> {
    let matches = Args::command().try_get_matches_from(args);
    matches.and_then(|matches| Args::from_arg_matches(&matches)).map_err(|error| {
        let asked_for = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
        Exit {
            status: if asked_for { status::DONE } else { status::USAGE },
            text: error.render().to_string(),
            to_stderr: !asked_for,
        }
    })
}
