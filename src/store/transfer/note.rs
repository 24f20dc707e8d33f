//! What an import leaves out or changes, as data. `words::transfer` makes the sentences.

use crate::mqtt::check::Problem;
use crate::mqtt::options::Protocol;
use crate::store::notice::{FileDamage, Remark};
use crate::store::transfer::{FilePurpose, Source};

/// One thing of a file, or of a connection in it, that does not come over as it is. Holds no value of the file that
/// could be a password.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// A part of our own file cannot be read.
    Damage(FileDamage),
    /// Something about the content of our own file.
    Remark(Remark),
    /// An entry of MQTT Explorer is no connection to a broker.
    NotABroker {
        /// Its key in the file.
        id: String,
    },
    /// The file has more connections than are taken.
    ConnectionsLimit {
        /// How many come over.
        taken: usize,
        /// How many there are.
        found: usize,
    },
    /// Something that needs no value to be told.
    Loss(TransferLoss),
    /// The form will mark this field.
    Problem(Problem),
    /// The protocol is not known here.
    UnknownProtocol {
        /// What is taken instead.
        taken: Protocol,
    },
    /// The connection has more subscriptions than are taken.
    SubscriptionsLimit {
        /// How many come over.
        taken: usize,
        /// How many there are.
        found: usize,
    },
    /// The file stands in the import, but is damaged.
    FileDamaged(FilePurpose),
    /// The file is a Java key store.
    JavaKeyStore(FilePurpose),
    /// The certificates are files of their own on the machine where this program was used.
    FilesElsewhere(Source),
    /// A text is longer than MQTT can carry.
    TooLong {
        /// Its key in the file.
        key: &'static str,
    },
    /// A value is of another type.
    WrongType {
        /// Its key in the file.
        key: &'static str,
        /// What it should be.
        expected: Expected,
    },
}

/// Something that is left out or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferLoss {
    /// An entry of MQTTX is no connection.
    Entry,
    /// MQTT Explorer's own settings and charts.
    SettingsAndCharts,
    /// The messages that MQTTX received.
    Messages,
    /// MQTTX's folders.
    Folders,
    /// What stands in the place of the host may hold a password.
    Host,
    /// MQTT Explorer made up the client ID.
    MadeUpClientId,
    /// MQTTX puts the time behind the client ID.
    TimedClientId,
    /// The version of MQTT is not known here.
    Version,
    /// A subscription has no topic.
    SubscriptionWithoutTopic,
    /// Subscriptions have user properties.
    SubscriptionProperties,
    /// The authentication is a SCRAM method other than SCRAM-SHA-256.
    ScramMethod,
    /// The user properties cannot be read.
    DamagedUserProperties,
    /// Decoder rules start programs.
    Programs,
    /// Some user properties are no texts, or too many.
    SomeUserProperties,
}

/// What a value should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A text.
    Text,
    /// Yes or no.
    Flag,
    /// A number in the range that is allowed.
    Number,
    /// An object.
    Object,
    /// A list.
    List,
}
