//! Options that have no effect or may surprise. None of them prevents a connection.

use crate::mqtt::check::{Field, Issue, Problem, Problems};
use crate::mqtt::options::{
    Authentication, ConnectOptions, Mqtt5Options, MqttVersion, RetainHandling, Subscription, VersionChoice,
    Will, WillProperties,
};

/// The longest client ID in MQTT 3.1, in characters (MQTT 3.1, 3.1).
const CLIENT_ID_CHARACTERS_V3_1: usize = 23;

/// Everything worth knowing about the options, in the order of the form.
pub fn hints(options: &ConnectOptions) -> Vec<Problem> {
    let mut hints = Problems::default();
    if let VersionChoice::Only(version) = options.version
        && version != MqttVersion::V5
    {
        let mut unsent = Unsent { version, hints: &mut hints };
        unsent.connect(options);
        unsent.will(options.will.as_ref());
        unsent.subscriptions(&options.subscriptions);
    }
    let only_3_1 = options.version == VersionChoice::Only(MqttVersion::V3_1);
    hints.add_if(
        only_3_1 && options.client_id.chars().count() > CLIENT_ID_CHARACTERS_V3_1,
        Field::ClientId,
        Issue::ClientIdTooLongForV3_1,
    );
    hints.add_if(options.is_plain_on_a_tls_port(), Field::Port, Issue::PlainOnTlsPort(options.port));
    let Problems(mut found) = hints;
    found.sort_by_key(|hint| hint.field);
    found
}

/// Collects options that an older version of MQTT cannot send.
struct Unsent<'a> {
    version: MqttVersion,
    hints: &'a mut Problems,
}

impl Unsent<'_> {
    fn tell(&mut self, chosen: bool, field: Field) {
        self.hints.add_if(chosen, field, Issue::NotSentWith(self.version));
    }

    fn connect(&mut self, options: &ConnectOptions) {
        let Mqtt5Options {
            session_expiry_s,
            receive_max,
            packet_bytes_max,
            topic_alias_max,
            request_response_information,
            request_problem_information,
            user_properties,
        } = &options.mqtt5;
        let token = matches!(options.authentication, Authentication::Token { .. });
        self.tell(token, Field::Authentication);
        self.tell(session_expiry_s.is_some(), Field::SessionExpiry);
        self.tell(receive_max.is_some(), Field::ReceiveMaximum);
        self.tell(packet_bytes_max.is_some(), Field::MaximumPacketSize);
        self.tell(*topic_alias_max != 0, Field::TopicAliasMaximum);
        self.tell(*request_response_information, Field::RequestResponseInformation);
        self.tell(!request_problem_information, Field::RequestProblemInformation);
        self.tell(!user_properties.is_empty(), Field::UserProperty(0));
    }

    fn will(&mut self, will: Option<&Will>) {
        let Some(will) = will else { return };
        let WillProperties {
            delay_interval_s,
            payload_is_text,
            message_expiry_interval_s,
            content_type,
            response_topic,
            correlation_data,
            user_properties,
        } = &will.properties;
        self.tell(delay_interval_s.is_some(), Field::WillDelay);
        self.tell(*payload_is_text, Field::WillPayloadIsText);
        self.tell(message_expiry_interval_s.is_some(), Field::WillMessageExpiry);
        self.tell(content_type.is_some(), Field::WillContentType);
        self.tell(response_topic.is_some(), Field::WillResponseTopic);
        self.tell(correlation_data.is_some(), Field::WillCorrelationData);
        self.tell(!user_properties.is_empty(), Field::WillUserProperty(0));
    }

    fn subscriptions(&mut self, subscriptions: &[Subscription]) {
        for (index, subscription) in subscriptions.iter().enumerate() {
            // Retain-as-published is the default: nobody chose it.
            let Subscription { no_local, retain_handling, identifier, .. } = subscription;
            let options = *no_local || *retain_handling != RetainHandling::Send;
            self.tell(options, Field::Subscription(index));
            self.tell(identifier.is_some(), Field::SubscriptionIdentifier(index));
        }
    }
}
