//! The options of `mqttree rr`, with mosquitto_rr's names.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Parser};

use crate::cli::connection::{ConnectionArgs, SUBSCRIBE, count, qos, require_mqtt5};
use crate::cli::publish::{PayloadSource, add_to_message};
use crate::cli::request::Plan;
use crate::cli::subscribe::{PrintLayout, Printing};
use crate::cli::target::{Client, Target};
use crate::cli::{Environment, Unusable, format};
use crate::mqtt::filter;
use crate::mqtt::options::Subscription;
use crate::mqtt::packet::Disconnect;
use crate::query::Rules;
use crate::session::Publish;
use crate::words::cli::Usage;

/// What a request can have properties in.
const TAKES: &[&str] = &["connect", "will", "publish", "subscribe", "disconnect"];

const EXAMPLES: &str = "\
Examples:
  mqttree rr -h example.org -t lamp/get -e answers -m state    ask, print the first response, and done
  mqttree rr -t lamp/get -e answers -n -W 5                    an empty request; wait for 5 seconds at most
  mqttree rr --profile factory -t ask -e answers -f q.json -F '%t %p'

With MQTT 5 the request carries the response topic and correlation data; a message with other correlation data is no
response to it. Formats of -F are those of mqttree sub.

Exit status: 0 a response was printed; 1 refused or failed; 2 wrong usage; 27 the time of -W is over.";

/// Publish a request and print the first response.
#[derive(Debug, Default, Parser)]
#[command(
    version,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(in crate::cli) struct RequestArgs {
    /// Topic of the request
    #[arg(short, long, value_name = "TOPIC")]
    topic: Option<String>,
    /// Topic on which the response is expected
    #[arg(short = 'e', long = "response-topic", value_name = "TOPIC")]
    response_topic: Option<String>,
    /// The payload of the request
    #[arg(short, long, value_name = "TEXT", allow_hyphen_values = true)]
    message: Option<OsString>,
    /// A file as the payload
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// All of standard input as the payload
    #[arg(short = 's', long)]
    stdin_file: bool,
    /// An empty payload
    #[arg(short, long)]
    null_message: bool,
    /// QoS of the request and of the subscription to the responses: 0, 1 or 2
    #[arg(short, long, value_name = "QOS")]
    qos: Option<String>,
    /// Print the topic before the payload
    #[arg(short, long)]
    verbose: bool,
    /// Format of the response; see mqttree sub --help
    #[arg(short = 'F', value_name = "FORMAT", allow_hyphen_values = true)]
    format: Option<String>,
    /// Print no line feed after the response
    #[arg(short = 'N')]
    no_line_feed: bool,
    /// Pretty-print JSON: the object of %j and %J, or a JSON payload
    #[arg(long)]
    pretty: bool,
    /// Leave out a retained message on the response topic
    #[arg(short = 'R')]
    no_retained: bool,
    /// Exit this long after connecting, with status 27
    #[arg(short = 'W', value_name = "SECONDS")]
    timeout: Option<String>,
    /// Print no errors
    #[arg(long)]
    quiet: bool,
    /// Report on standard error when connected and subscribed
    #[arg(short, long)]
    debug: bool,
    /// Options from a file as mosquitto_rr reads it, one per line; the command line takes precedence
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
pub(in crate::cli) fn plan(mut args: RequestArgs, environment: &Environment) -> Result<Plan, Unusable> {
    let mut target = Target::find(&args.connection, args.profile.as_deref(), Client::Own, environment)?;
    let topic = args.topic.clone().or_else(|| Some(target.topic.clone()).filter(|topic| !topic.is_empty()));
    let topic = checked("-t", topic.ok_or(Usage::NoTopic)?)?;
    let response_topic = checked("-e", args.response_topic.clone().ok_or(Usage::NoResponseTopic)?)?;
    let source = source(&mut args)?;
    let level = args.qos.as_deref().map(|text| qos("-q", text)).transpose()?.unwrap_or_default();
    // The flag tells a message that the broker had kept from a response.
    let own = Subscription::new(response_topic, level);
    let mut subscription = Subscription { retain_as_published: false, ..own };
    let mut publish = Publish { topic, qos: level, ..Publish::default() };
    let mut disconnect = Disconnect::default();
    for property in &target.properties {
        match (property.command.as_str(), property.name.as_str()) {
            ("publish", _) => add_to_message(property, &mut publish)?,
            ("subscribe", "subscription-identifier") => subscription.identifier = Some(property.number()?),
            ("subscribe", "user-property") => subscription.user_properties.push(property.pair()),
            ("subscribe", _) => return Err(property.unknown(SUBSCRIBE).into()),
            ("disconnect", _) => property.apply_to_disconnect(&mut disconnect, &target.profile.connect)?,
            _ => return Err(property.not_of_command(TAKES).into()),
        }
    }
    require_mqtt5(&target.properties, &mut target.profile.connect)?;
    target.profile.connect.subscriptions = vec![subscription];
    target.check()?;
    Ok(Plan {
        target,
        source,
        publish,
        disconnect,
        printing: printing(&args)?,
        timeout_s: args.timeout.as_deref().map(|text| count("-W", text)).transpose()?,
        quiet: args.quiet,
        debug: args.debug,
    })
}

/// A topic that a message can have.
fn checked(option: &'static str, text: String) -> Result<String, Usage> {
    match filter::check_topic(&text) {
        Ok(()) => Ok(text),
        Err(error) => Err(Usage::Filter { option, text, error }),
    }
}

/// The source of the payload; exactly one is allowed.
fn source(args: &mut RequestArgs) -> Result<PayloadSource, Usage> {
    let mut sources: Vec<PayloadSource> = args.message.take().map(PayloadSource::Text).into_iter().collect();
    sources.extend(args.file.take().map(PayloadSource::File));
    sources.extend(args.stdin_file.then_some(PayloadSource::Input));
    sources.extend(args.null_message.then_some(PayloadSource::Nothing));
    let one = sources.pop().filter(|_| sources.is_empty());
    one.ok_or(Usage::OneRequest)
}

/// How the response is printed.
fn printing(args: &RequestArgs) -> Result<Printing, Usage> {
    let layout = match &args.format {
        Some(text) => PrintLayout::Format(
            format::parse(text, args.pretty).map_err(|error| Usage::Format { text: text.clone(), error })?,
        ),
        None if args.verbose => PrintLayout::Verbose,
        None => PrintLayout::Payload,
    };
    Ok(Printing {
        layout,
        pretty: args.pretty && args.format.is_none(),
        decode: false,
        line_feed: !args.no_line_feed,
        filter_out: Vec::new(),
        no_retained: args.no_retained,
        retained_only: false,
        remove_retained: false,
        count: Some(1),
        percent: None,
        quiet: args.quiet,
        rules: Rules::default(),
    })
}
