//! The options of `mqttree pub`, with mosquitto_pub's names.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Parser};

use crate::cli::connection::{ConnectionArgs, PUBLISH, PropertyArg, count, qos};
use crate::cli::publish::Plan;
use crate::cli::publish::source::Source;
use crate::cli::target::{Client, Target};
use crate::cli::{Environment, Unusable};
use crate::message::PublishProperties;
use crate::mqtt::filter;
use crate::mqtt::options::{ConnectOptions, MqttVersion, VersionChoice};
use crate::session::Publish;
use crate::words::cli::{PropertyError, Usage};

const EXAMPLES: &str = "\
Examples:
  mqttree pub -h example.org -t home/lamp -m on              one message
  mqttree pub -t home/lamp -m on -r -q 1                     kept by the broker, acknowledged
  mqttree pub -t home/lamp -r -n                             delete what the broker keeps
  mqttree pub --profile factory -t picture -f picture.png    a file as it is
  produce | mqttree pub -t values -l -q 1                    each line is a message
  mqttree pub -t ask -m x -D publish response-topic answers -D publish user-property name value

Properties of -D publish: content-type, message-expiry-interval, payload-format-indicator, response-topic,
  correlation-data, user-property; topic-alias is accepted and not sent.

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
    let properties = properties(&target.properties)?;
    if !properties.is_empty() {
        needs_mqtt5(&mut target.profile.connect)?;
    }
    target.check()?;
    let repeat = args.repeat.as_deref().map_or(Ok(1), |text| count("--repeat", text))?;
    if source == Source::Lines && (args.repeat.is_some() || args.repeat_delay.is_some()) {
        return Err(Usage::RepeatOfLines.into());
    }
    let publish = Publish {
        topic,
        qos: args.qos.as_deref().map(|text| qos("-q", text)).transpose()?.unwrap_or_default(),
        retain: args.retain,
        properties,
        ..Publish::default()
    };
    let in_flight_max =
        target.profile.connect.mqtt5.receive_max.filter(|_| args.connection.max_inflight.is_some());
    let delay = args.repeat_delay.as_deref().map_or(Ok(Duration::ZERO), delay)?;
    Ok(Plan { target, source, publish, repeat, delay, quiet: args.quiet, debug: args.debug, in_flight_max })
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
fn source(args: &mut PublishArgs) -> Result<Source, Usage> {
    let mut sources: Vec<Source> = args.message.take().map(Source::Text).into_iter().collect();
    sources.extend(args.file.take().map(Source::File));
    sources.extend(args.stdin_line.then_some(Source::Lines));
    sources.extend(args.stdin_file.then_some(Source::Input));
    sources.extend(args.null_message.then_some(Source::Nothing));
    let one = sources.pop().filter(|_| sources.is_empty());
    one.ok_or(Usage::OnePayload)
}

fn properties(given: &[PropertyArg]) -> Result<PublishProperties, Usage> {
    let mut properties = PublishProperties::default();
    for property in given {
        if property.command != "publish" {
            let command = property.command.clone();
            return Err(Usage::Property(PropertyError::NotOfPub { command }));
        }
        match property.name.as_str() {
            "content-type" => properties.content_type = Some(property.text()),
            "message-expiry-interval" => properties.message_expiry_interval_s = Some(property.number()?),
            "payload-format-indicator" => {
                properties.payload_format_indicator = Some(u8::from(property.flag()?));
            }
            "response-topic" => properties.response_topic = Some(property.text()),
            "correlation-data" => properties.correlation_data = Some(property.text().into_bytes()),
            "user-property" => properties.user_properties.push(property.pair()),
            // Every message is sent with its topic: an alias would save bytes without any visible effect.
            "topic-alias" => count::<u16>("-D publish topic-alias", &property.text()).map(|_| ())?,
            _ => return Err(property.unknown(PUBLISH)),
        }
    }
    Ok(properties)
}

/// Older versions have no properties, so the version becomes 5 unless -V or the saved connection asks for another.
fn needs_mqtt5(connect: &mut ConnectOptions) -> Result<(), Usage> {
    if !connect.version.allows_5() {
        return Err(Usage::Property(PropertyError::NeedsMqtt5 { version: connect.version }));
    }
    connect.version = VersionChoice::Only(MqttVersion::V5);
    Ok(())
}

fn delay(text: &str) -> Result<Duration, Usage> {
    let delay = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    delay.ok_or_else(|| Usage::RepeatDelay { text: text.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_do_not_silently_change_a_version_that_was_chosen() {
        let with = |version: VersionChoice| {
            let mut connect = ConnectOptions { version, ..ConnectOptions::default() };
            needs_mqtt5(&mut connect).map(|()| connect.version)
        };
        let five = VersionChoice::Only(MqttVersion::V5);
        assert_eq!(with(VersionChoice::Auto), Ok(five));
        assert_eq!(with(five), Ok(five));
        let version = MqttVersion::V3_1_1.into();
        assert_eq!(with(version), Err(Usage::Property(PropertyError::NeedsMqtt5 { version })));
    }
}
