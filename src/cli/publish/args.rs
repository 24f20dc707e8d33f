//! The options of `mqttree pub`, with mosquitto_pub's names.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser};

use crate::cli::connection::{ConnectionArgs, PUBLISH, PropertyArg, count, qos, require_mqtt5};
use crate::cli::publish::Plan;
use crate::cli::publish::source::PayloadSource;
use crate::cli::target::{Client, Target};
use crate::cli::{Environment, Unusable};
use crate::mqtt::filter;
use crate::mqtt::packet::Disconnect;
use crate::session::Publish;
use crate::words::cli::Usage;

const EXAMPLES: &str = "\
Examples:
  mqttree pub -h example.org -t home/lamp -m on              one message
  mqttree pub -t home/lamp -m on -r -q 1                     kept by the broker, acknowledged
  mqttree pub -t home/lamp -r -n                             delete what the broker keeps
  mqttree pub --profile factory -t picture -f picture.png    a file as it is
  produce | mqttree pub -t values -l -q 1                    each line is a message
  mqttree pub -t ask -m x -D publish response-topic answers -D publish user-property name value

Properties of -D publish: content-type, message-expiry-interval, payload-format-indicator, response-topic,
  correlation-data, topic-alias, user-property. Of -D disconnect: session-expiry-interval, user-property.

Exit status: 0 done: with -q 1 and 2 the broker has acknowledged everything; 1 refused or failed; 2 wrong usage.";

/// Publish, then exit.
#[derive(Debug, Default, Parser)]
#[command(
    version,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(in crate::cli) struct PublishArgs {
    /// Topic to publish to
    #[arg(short, long, value_name = "TOPIC")]
    topic: Option<String>,
    /// The payload
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    message: Option<OsString>,
    /// A file as the payload
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Publish each line of standard input as a message
    #[arg(short = 'l', long)]
    stdin_line: bool,
    /// All of standard input as the payload
    #[arg(short = 's', long)]
    stdin_file: bool,
    /// An empty payload
    #[arg(short, long)]
    null_message: bool,
    /// QoS: 0, 1 or 2
    #[arg(short, long, value_name = "QOS")]
    qos: Option<String>,
    /// Have the broker keep the message for later subscribers
    #[arg(short, long)]
    retain: bool,
    /// Publish this many times; not with -l
    #[arg(long, value_name = "COUNT")]
    repeat: Option<String>,
    /// Seconds between the delivery of a message and the next one of --repeat; 0.5 is half a second
    #[arg(long, value_name = "SECONDS")]
    repeat_delay: Option<String>,
    /// Print no errors
    #[arg(long)]
    quiet: bool,
    /// Report on standard error when connected
    #[arg(short, long)]
    debug: bool,
    /// Options from a file as mosquitto_pub reads it, one per line; the command line takes precedence
    #[arg(short = 'o', long, value_name = "FILE")]
    options: Vec<PathBuf>,
    /// Use a saved connection; other options override its own
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    connection: ConnectionArgs,

    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// Checks the arguments.
pub(in crate::cli) fn plan(mut args: PublishArgs, environment: &Environment) -> Result<Plan, Unusable> {
    let mut target = Target::find(&args.connection, args.profile.as_deref(), Client::Own, environment)?;
    target.profile.connect.subscriptions.clear();
    let topic = topic(&args, &target)?;
    let source = source(&mut args)?;
    let mut publish = Publish {
        topic,
        qos: args.qos.as_deref().map(|text| qos("-q", text)).transpose()?.unwrap_or_default(),
        retain: args.retain,
        ..Publish::default()
    };
    let disconnect = properties(&target, &mut publish)?;
    require_mqtt5(&target.properties, &mut target.profile.connect)?;
    target.check()?;
    let repeat = args.repeat.as_deref().map_or(Ok(1), |text| count("--repeat", text))?;
    if source == PayloadSource::Lines && (args.repeat.is_some() || args.repeat_delay.is_some()) {
        return Err(Usage::RepeatOfLines.into());
    }
    let in_flight_max =
        target.profile.connect.mqtt5.receive_max.filter(|_| args.connection.max_inflight.is_some());
    let delay = args.repeat_delay.as_deref().map_or(Ok(Duration::ZERO), delay)?;
    let PublishArgs { quiet, debug, .. } = args;
    Ok(Plan { target, source, publish, repeat, delay, quiet, debug, in_flight_max, disconnect })
}

/// The topic from -t or the URL.
fn topic(args: &PublishArgs, target: &Target) -> Result<String, Usage> {
    let topic = match (&args.topic, target.topic.as_str()) {
        (Some(topic), _) => topic.clone(),
        (None, "") => return Err(Usage::NoTopic),
        (None, topic) => topic.to_owned(),
    };
    match filter::check_topic(&topic) {
        Ok(()) => Ok(topic),
        Err(error) => Err(Usage::Topic { text: topic, error }),
    }
}

/// The source of the payloads; exactly one is allowed.
fn source(args: &mut PublishArgs) -> Result<PayloadSource, Usage> {
    let mut sources: Vec<PayloadSource> = args.message.take().map(PayloadSource::Text).into_iter().collect();
    sources.extend(args.file.take().map(PayloadSource::File));
    sources.extend(args.stdin_line.then_some(PayloadSource::Lines));
    sources.extend(args.stdin_file.then_some(PayloadSource::Input));
    sources.extend(args.null_message.then_some(PayloadSource::Nothing));
    let one = sources.pop().filter(|_| sources.is_empty());
    one.ok_or(Usage::OnePayload)
}

/// Adds the properties to the message; returns what DISCONNECT says.
fn properties(target: &Target, publish: &mut Publish) -> Result<Disconnect, Usage> {
    let mut disconnect = Disconnect::default();
    for property in &target.properties {
        match property.command.as_str() {
            "publish" => add_to_message(property, publish)?,
            "disconnect" => property.apply_to_disconnect(&mut disconnect, &target.profile.connect)?,
            _ => return Err(property.not_of_command(&["connect", "will", "publish", "disconnect"])),
        }
    }
    Ok(disconnect)
}

/// Adds a property of PUBLISH to a message.
pub(in crate::cli) fn add_to_message(property: &PropertyArg, publish: &mut Publish) -> Result<(), Usage> {
    let properties = &mut publish.properties;
    match property.name.as_str() {
        "content-type" => properties.content_type = Some(property.text()),
        "message-expiry-interval" => properties.message_expiry_interval_s = Some(property.number()?),
        "payload-format-indicator" => {
            properties.payload_format_indicator = Some(u8::from(property.flag()?));
        }
        "response-topic" => properties.response_topic = Some(property.text()),
        "correlation-data" => properties.correlation_data = Some(property.text().into_bytes()),
        "user-property" => properties.user_properties.push(property.pair()),
        "topic-alias" => {
            publish.topic_alias = Some(count("-D publish topic-alias", &property.text())?);
        }
        _ => return Err(property.unknown(PUBLISH)),
    }
    Ok(())
}

fn delay(text: &str) -> Result<Duration, Usage> {
    let delay = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    delay.ok_or_else(|| Usage::RepeatDelay { text: text.to_owned() })
}
