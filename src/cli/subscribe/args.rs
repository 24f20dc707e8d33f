//! The options of `mqttree sub`, with mosquitto_sub's names.

use std::path::PathBuf;

use clap::{ArgAction, Parser};

use crate::cli::connection::{ConnectionArgs, SUBSCRIBE, UNSUBSCRIBE, count, require_mqtt5};
use crate::cli::subscribe::Plan;
use crate::cli::subscribe::printer::{PrintLayout, Printing};
use crate::cli::target::{Client, Target};
use crate::cli::{Environment, Unusable, decoders, format};
use crate::mqtt::filter;
use crate::mqtt::options::RetainHandling;
use crate::mqtt::packet::Disconnect;
use crate::query::Rules;
use crate::words::cli::Usage;

/// What a subscriber sends with properties.
const TAKES: &[&str] = &["connect", "will", "subscribe", "unsubscribe", "disconnect"];

const EXAMPLES: &str = "\
Examples:
  mqttree sub -h example.org -t 'home/#' -v                   every message, with its topic
  mqttree sub -t home/door -C 1                               the next message, and done
  mqttree sub --profile factory -F '%I %t %q %p'              a saved connection, with the time
  mqttree sub -t '#' -F %j | jq .topic                        as JSON, a line each
  mqttree sub -t 'old/#' --retained-only --remove-retained    clear what the broker keeps

Format of -F: %t topic, %p payload, %x %X as hex, %l its length, %q QoS, %r retained, %m packet identifier, %I time,
  %U seconds since 1970, %j JSON, %J JSON with the payload as JSON, %C content type, %R response topic,
  %f %d a payload of 4 or 8 bytes as a number, %.2x hex in groups, %D correlation data, %E message expiry, %F payload format, %P user properties, %S subscription identifier, %% a %;
  %-10t and %10.10t set a width, @Y @m @d … are strftime's, @N nanoseconds, \\n \\t \\0 \\e as in C.

Exit status: 0 done, also at Ctrl-C and when a pipe is closed; 1 refused or failed; 2 wrong usage; 27 the time of -W is over.";

/// Subscribe and print what arrives.
#[derive(Debug, Default, Parser)]
#[command(
    version,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(in crate::cli) struct SubscribeArgs {
    /// Topic filter to subscribe to; may be repeated
    #[arg(short, long = "topic", value_name = "FILTER")]
    topic: Vec<String>,
    /// Leave out messages on matching topics; may be repeated
    #[arg(short = 'T', long = "filter-out", value_name = "FILTER")]
    filter_out: Vec<String>,
    /// Unsubscribe from this filter after subscribing; may be repeated
    #[arg(short = 'U', long = "unsubscribe", value_name = "FILTER")]
    unsubscribe: Vec<String>,
    /// QoS of the subscriptions: 0, 1 or 2
    #[arg(short, long, value_name = "QOS")]
    qos: Option<String>,
    /// MQTT 5: messages keep the retain flag they were published with
    #[arg(long)]
    retain_as_published: bool,
    /// MQTT 5: which retained messages come with a subscription: always, new or never
    #[arg(long, value_name = "WHEN")]
    retain_handling: Option<String>,
    /// Print this percentage of messages, chosen at random; 0.1 to 100
    #[arg(long, value_name = "PERCENT", allow_negative_numbers = true)]
    random_filter: Option<String>,

    /// Print the topic before the payload
    #[arg(short, long)]
    verbose: bool,
    /// Format of each message; see below
    #[arg(short = 'F', value_name = "FORMAT", allow_hyphen_values = true)]
    format: Option<String>,
    /// Print no line feed after a message
    #[arg(short = 'N')]
    no_line_feed: bool,
    /// Pretty-print JSON: the object of %j and %J, or JSON payloads
    #[arg(long)]
    pretty: bool,
    /// Print payloads as what their bytes mean, a JSON value a line: CBOR, Sparkplug B, gzip …; %p and %J of -F follow
    #[arg(long)]
    decode: bool,

    /// Exit after this many messages
    #[arg(short = 'C', value_name = "COUNT")]
    count: Option<String>,
    /// Exit this long after connecting, with status 27
    #[arg(short = 'W', value_name = "SECONDS")]
    timeout: Option<String>,
    /// Exit when the broker has answered all subscriptions
    #[arg(short = 'E')]
    exit_after_subscribe: bool,
    /// Leave out retained messages
    #[arg(short = 'R')]
    no_retained: bool,
    /// Print only retained messages, and exit at the first other one
    #[arg(long)]
    retained_only: bool,
    /// Delete each retained message at the broker after printing it
    #[arg(long)]
    remove_retained: bool,
    /// Print no errors
    #[arg(long)]
    quiet: bool,
    /// Report on standard error when connected and subscribed
    #[arg(short, long)]
    debug: bool,
    /// Options from a file as mosquitto_sub reads it, one per line; the command line takes precedence
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
pub(in crate::cli) fn plan(args: &SubscribeArgs, environment: &Environment) -> Result<Plan, Unusable> {
    let mut target = Target::find(&args.connection, args.profile.as_deref(), Client::Saved, environment)?;
    let saved = target.profile.connect.subscriptions.len();
    subscriptions(args, &mut target)?;
    let of_kept = !target.profile.connect.clean_session || saved > 0;
    if target.profile.connect.subscriptions.is_empty() && !of_kept {
        return Err(Usage::UnsubscribeAlone.into());
    }
    let (unsubscribe_properties, disconnect) = properties(&mut target)?;
    target.check()?;
    let printing = printing(args, decoders::prepare(&target.profile.decoders))?;
    for (option, filters) in [("-T", &args.filter_out), ("-U", &args.unsubscribe)] {
        for text in filters {
            filter::check_filter(text).map_err(|error| Usage::Filter {
                option,
                text: text.clone(),
                error,
            })?;
        }
    }
    Ok(Plan {
        target,
        printing,
        unsubscribe: args.unsubscribe.clone(),
        timeout_s: args.timeout.as_deref().map(|text| count("-W", text)).transpose()?,
        exit_after_subscribe: args.exit_after_subscribe,
        quiet: args.quiet,
        debug: args.debug,
        unsubscribe_properties,
        disconnect,
    })
}

/// The filters given as options, or those of the saved connection.
fn subscriptions(args: &SubscribeArgs, target: &mut Target) -> Result<(), Usage> {
    target.choose_filters(&args.topic, args.qos.as_deref())?;
    let connect = &mut target.profile.connect;
    if let Some(text) = &args.retain_handling {
        let handling = retain_handling(text)?;
        connect.subscriptions.iter_mut().for_each(|subscription| subscription.retain_handling = handling);
    }
    // Scripts rely on mosquitto's meaning of the flag: the broker had kept the message. A saved filter keeps what its
    // connection says, unless the flag decides what is printed.
    let is_saved = args.topic.is_empty() && target.topic.is_empty();
    let by_flag = args.no_retained || args.retained_only;
    for subscription in &mut connect.subscriptions {
        let own = subscription.retain_as_published && is_saved && !by_flag;
        subscription.retain_as_published = args.retain_as_published || own;
    }
    if connect.subscriptions.iter().all(|subscription| !subscription.enabled) && args.unsubscribe.is_empty() {
        return Err(Usage::NoFilter);
    }
    Ok(())
}

/// Adds the properties of `-D subscribe` to the subscriptions; returns those of UNSUBSCRIBE and what DISCONNECT says.
fn properties(target: &mut Target) -> Result<(Vec<(String, String)>, Disconnect), Usage> {
    let Target { properties, profile, .. } = target;
    let connect = &mut profile.connect;
    let (mut of_unsubscribe, mut disconnect) = (Vec::new(), Disconnect::default());
    for property in properties.iter() {
        match (property.command.as_str(), property.name.as_str()) {
            ("subscribe", "subscription-identifier") => {
                let identifier = Some(property.number()?);
                connect.subscriptions.iter_mut().for_each(|one| one.identifier = identifier);
            }
            ("subscribe", "user-property") => {
                let pair = property.pair();
                connect.subscriptions.iter_mut().for_each(|one| one.user_properties.push(pair.clone()));
            }
            ("subscribe", _) => return Err(property.unknown(SUBSCRIBE)),
            ("unsubscribe", "user-property") => of_unsubscribe.push(property.pair()),
            ("unsubscribe", _) => return Err(property.unknown(UNSUBSCRIBE)),
            ("disconnect", _) => property.apply_to_disconnect(&mut disconnect, connect)?,
            _ => return Err(property.not_of_command(TAKES)),
        }
    }
    require_mqtt5(properties, connect)?;
    Ok((of_unsubscribe, disconnect))
}

fn retain_handling(text: &str) -> Result<RetainHandling, Usage> {
    match text {
        "always" => Ok(RetainHandling::Send),
        "new" => Ok(RetainHandling::SendIfNew),
        "never" => Ok(RetainHandling::DoNotSend),
        _ => Err(Usage::RetainHandling { text: text.to_owned() }),
    }
}

fn percentage(text: &str) -> Result<f64, Usage> {
    let percent = text.parse().ok().filter(|percent| (0.1..=100.0).contains(percent));
    percent.ok_or_else(|| Usage::Percentage { text: text.to_owned() })
}

fn printing(args: &SubscribeArgs, rules: Rules) -> Result<Printing, Usage> {
    if args.no_retained && args.retained_only {
        return Err(Usage::NothingLeft);
    }
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
        decode: args.decode,
        line_feed: !args.no_line_feed,
        filter_out: args.filter_out.clone(),
        no_retained: args.no_retained,
        retained_only: args.retained_only,
        remove_retained: args.remove_retained,
        percent: args.random_filter.as_deref().map(percentage).transpose()?,
        count: args.count.as_deref().map(|text| count("-C", text)).transpose()?,
        quiet: args.quiet,
        rules,
    })
}
