//! The collapsible sections of the form, and which fields they contain.

use crate::mqtt::check::Field;
use crate::mqtt::options::{Authentication, ConnectOptions, Protocol};
use crate::store::Profile;
use crate::words::{Label, Language, connection_form as words, connection_summary};

/// A part of the form that most people leave closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::panels::connections) enum Section {
    /// TLS options.
    Security,
    /// Headers and sub-protocol.
    Websocket,
    /// Local address, proxy and timeout.
    Network,
    /// What only MQTT 5 can say in CONNECT.
    Mqtt5,
    /// Enhanced authentication.
    Authentication,
    /// The last will.
    Will,
    /// What placeholders in messages stand for.
    Variables,
    /// What is always recorded.
    Recording,
}

impl Section {
    /// All sections, in the order of the form.
    pub const ALL: [Self; 8] = [
        Self::Security,
        Self::Websocket,
        Self::Network,
        Self::Mqtt5,
        Self::Authentication,
        Self::Will,
        Self::Variables,
        Self::Recording,
    ];

    /// The section's title.
    pub fn title(self) -> Label {
        match self {
            Self::Security => words::SECURITY,
            Self::Websocket => words::WEBSOCKET,
            Self::Network => words::NETWORK,
            Self::Mqtt5 => words::MQTT_5,
            Self::Authentication => words::AUTHENTICATION,
            Self::Will => words::LAST_WILL,
            Self::Variables => words::VARIABLES,
            Self::Recording => words::RECORDING,
        }
    }

    /// A one-line summary of what is set, shown while the section is closed.
    pub fn summary(self, profile: &Profile, language: Language) -> String {
        let connect = &profile.connect;
        match self {
            Self::Security => connection_summary::security(connect, language),
            Self::Websocket => connection_summary::websocket(connect, language),
            Self::Network => connection_summary::network(connect, language),
            Self::Mqtt5 => connection_summary::mqtt_5(connect, language),
            Self::Authentication => connection_summary::authentication(&connect.authentication, language),
            Self::Will => connection_summary::will(connect.will.as_ref(), language),
            Self::Variables => connection_summary::variables(connect, language),
            Self::Recording => connection_summary::recording(&profile.recording, language),
        }
    }

    /// Whether the section matters with the options chosen above it.
    pub fn applies(self, connect: &ConnectOptions) -> bool {
        match self {
            Self::Security => connect.protocol.has_tls(),
            Self::Websocket => connect.protocol.is_websocket(),
            Self::Network | Self::Will | Self::Variables | Self::Recording => true,
            Self::Mqtt5 => connect.version.allows_5(),
            // A choice that the version does not support stays visible, so that it can be undone.
            Self::Authentication => {
                connect.version.allows_5() || connect.authentication != Authentication::None
            }
        }
    }

    /// Whether anything in the section was set.
    pub fn is_set(self, profile: &Profile) -> bool {
        let connect = &profile.connect;
        let none = ConnectOptions::default();
        match self {
            Self::Security => connect.ca_certificate.is_some() || connect.tls != none.tls,
            Self::Websocket => {
                let (websocket, none) = (&connect.websocket, &none.websocket);
                websocket.headers != none.headers || websocket.subprotocol != none.subprotocol
            }
            Self::Network => connect.network != none.network,
            Self::Mqtt5 => connect.mqtt5 != none.mqtt5,
            Self::Authentication => connect.authentication != Authentication::None,
            Self::Will => connect.will.is_some(),
            Self::Variables => !connect.variables.is_empty() || !connect.secret_variables.is_empty(),
            Self::Recording => !profile.recording.is_default(),
        }
    }

    /// Whether the section contains a field.
    pub fn holds(self, field: Field) -> bool {
        Self::of(field) == Some(self)
    }

    fn of(field: Field) -> Option<Self> {
        match field {
            Field::Name
            | Field::Host
            | Field::Port
            | Field::Path
            | Field::Username
            | Field::ClientId
            | Field::KeepAlive
            | Field::Subscription(_)
            | Field::SubscriptionIdentifier(_) => None,
            Field::CaCertificate
            | Field::ClientCertificate
            | Field::ClientKey
            | Field::ServerName
            | Field::Alpn => Some(Self::Security),
            Field::Header(_) | Field::Subprotocol => Some(Self::Websocket),
            Field::BindAddress
            | Field::ProxyHost
            | Field::ProxyPort
            | Field::ProxyUsername
            | Field::ConnectTimeout
            | Field::AnswerTimeout => Some(Self::Network),
            Field::SessionExpiry
            | Field::ReceiveMaximum
            | Field::MaximumPacketSize
            | Field::TopicAliasMaximum
            | Field::RequestResponseInformation
            | Field::RequestProblemInformation
            | Field::UserProperty(_) => Some(Self::Mqtt5),
            Field::Authentication | Field::AuthenticationMethod => Some(Self::Authentication),
            Field::WillTopic
            | Field::WillPayload
            | Field::WillDelay
            | Field::WillPayloadIsText
            | Field::WillMessageExpiry
            | Field::WillContentType
            | Field::WillResponseTopic
            | Field::WillCorrelationData
            | Field::WillUserProperty(_) => Some(Self::Will),
            Field::Variable(_) => Some(Self::Variables),
        }
    }
}

/// Whether a field is visible with the options chosen above it.
pub(in crate::panels::connections) fn applies(field: Field, connect: &ConnectOptions) -> bool {
    let is_unix = connect.protocol == Protocol::Unix;
    match field {
        Field::Port | Field::BindAddress => !is_unix,
        Field::Path => connect.protocol.is_websocket(),
        Field::ProxyHost | Field::ProxyPort | Field::ProxyUsername => {
            !is_unix && connect.network.proxy.is_some()
        }
        Field::SubscriptionIdentifier(_)
        | Field::WillDelay
        | Field::WillMessageExpiry
        | Field::WillContentType
        | Field::WillResponseTopic
        | Field::WillCorrelationData
        | Field::WillUserProperty(_) => connect.version.allows_5(),
        _ => Section::of(field).is_none_or(|section| section.applies(connect)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::MqttVersion;

    #[test]
    fn a_new_connection_has_nothing_set() {
        let connect = ConnectOptions { protocol: Protocol::Wss, ..ConnectOptions::default() };
        let profile = Profile::new("new", connect);
        let is_blank = |section: &Section| section.applies(&profile.connect) && !section.is_set(&profile);
        assert!(Section::ALL.iter().all(is_blank));
    }

    #[test]
    fn what_has_no_meaning_does_not_show() {
        let connect = ConnectOptions {
            version: MqttVersion::V3_1_1.into(),
            protocol: Protocol::Unix,
            ..ConnectOptions::default()
        };
        for field in [Field::Port, Field::Path, Field::ReceiveMaximum, Field::WillDelay, Field::CaCertificate]
        {
            assert!(!applies(field, &connect), "{field:?}");
        }
        assert!(applies(Field::WillTopic, &connect));
    }
}
