//! Checks what CONNECT and SUBSCRIBE say: login, session, will and subscriptions.

use crate::mqtt::check::{Field, Issue, Problems};
use crate::mqtt::filter;
use crate::mqtt::limits::{FIELD_BYTES_MAX, PACKET_BYTES_MIN, SUBSCRIPTION_IDENTIFIER_MAX};
use crate::mqtt::options::{
    Authentication, ConnectOptions, Mqtt5Options, Subscription, Will, WillProperties,
};

pub(super) fn check(options: &ConnectOptions, problems: &mut Problems) {
    let ConnectOptions { username, client_id, clean_session, version, .. } = options;
    problems.add_some(Field::Username, text_error(username));
    problems.add_some(Field::ClientId, text_error(client_id));
    // An empty ID becomes a new random one at each start: the broker would keep a session nobody ever returns to.
    problems.add_if(client_id.is_empty() && !clean_session, Field::ClientId, Issue::ClientIdMissing);
    authentication(options, problems);
    if version.allows_5() {
        mqtt5(&options.mqtt5, problems);
    }
    if let Some(will) = &options.will {
        check_will(will, version.allows_5(), problems);
    }
    for (index, subscription) in options.subscriptions.iter().enumerate() {
        if subscription.enabled {
            check_subscription(index, subscription, version.allows_5(), problems);
        }
    }
}

fn authentication(options: &ConnectOptions, problems: &mut Problems) {
    match &options.authentication {
        Authentication::None => {}
        Authentication::ScramSha256 => {
            problems.add_if(options.username.is_empty(), Field::Username, Issue::ScramNeedsUsername);
            // Silently leaving it out would log in with weaker authentication than was asked for.
            problems.add_if(!options.version.allows_5(), Field::Authentication, Issue::ScramNeedsMqtt5);
        }
        Authentication::Token { method } => {
            let empty = method.is_empty().then_some(Issue::MethodMissing);
            problems.add_some(Field::AuthenticationMethod, empty.or_else(|| text_error(method)));
        }
    }
}

fn mqtt5(mqtt5: &Mqtt5Options, problems: &mut Problems) {
    let Mqtt5Options { receive_max, packet_bytes_max, user_properties, .. } = mqtt5;
    problems.add_if(*receive_max == Some(0), Field::ReceiveMaximum, Issue::ReceiveMaximum);
    let too_small = packet_bytes_max.is_some_and(|bytes| bytes < PACKET_BYTES_MIN);
    problems.add_if(too_small, Field::MaximumPacketSize, Issue::MaximumPacketSize);
    check_properties(user_properties, Field::UserProperty, problems);
}

fn check_properties(properties: &[(String, String)], field: fn(usize) -> Field, problems: &mut Problems) {
    for (index, (name, value)) in properties.iter().enumerate() {
        problems.add_some(field(index), text_error(name).or_else(|| text_error(value)));
    }
}

fn check_will(will: &Will, allows_5: bool, problems: &mut Problems) {
    let Will { topic, payload, properties, .. } = will;
    problems.add_some(Field::WillTopic, filter::check_topic(topic).err().map(Issue::Topic));
    problems.add_some(Field::WillPayload, length_error(payload));
    if !allows_5 {
        return;
    }
    let WillProperties { content_type, response_topic, correlation_data, user_properties, .. } = properties;
    problems.add_some(Field::WillContentType, content_type.as_deref().and_then(text_error));
    let response_topic = response_topic.as_deref().and_then(|topic| filter::check_topic(topic).err());
    problems.add_some(Field::WillResponseTopic, response_topic.map(Issue::Topic));
    problems.add_some(Field::WillCorrelationData, correlation_data.as_deref().and_then(length_error));
    check_properties(user_properties, Field::WillUserProperty, problems);
}

fn check_subscription(index: usize, subscription: &Subscription, allows_5: bool, problems: &mut Problems) {
    let Subscription { filter, no_local, identifier, .. } = subscription;
    problems.add_some(Field::Subscription(index), filter::check_filter(filter).err().map(Issue::Topic));
    if !allows_5 {
        return;
    }
    // MQTT 5.0, 3.8.3.1: a protocol error, for which brokers end the connection.
    problems.add_if(
        *no_local && filter.starts_with("$share/"),
        Field::Subscription(index),
        Issue::SharedNoLocal,
    );
    let is_wrong =
        identifier.is_some_and(|identifier| !(1..=SUBSCRIPTION_IDENTIFIER_MAX).contains(&identifier));
    problems.add_if(is_wrong, Field::SubscriptionIdentifier(index), Issue::SubscriptionIdentifier);
}

/// What no MQTT string may contain (MQTT 5.0, 1.5.4).
fn text_error(text: &str) -> Option<Issue> {
    if text.contains('\0') { Some(Issue::HasNul) } else { length_error(text) }
}

/// Strings and binary data have a length of two bytes.
fn length_error(text: &str) -> Option<Issue> {
    (text.len() > FIELD_BYTES_MAX).then_some(Issue::TooLong(text.len()))
}
