//! What can be wrong with a connection before anything is sent, each thing with its field, for the form to mark.

use super::Profile;
use crate::mqtt::filter;
use crate::mqtt::options::{ConnectOptions, MqttVersion};
use crate::store::url;

/// The shortest keep alive that the link can use with MQTT 5, in seconds; shorter ones and 0 need MQTT 3.1.1.
pub const KEEP_ALIVE_S_MIN_V5: u16 = 5;

/// MQTT strings have a length of two bytes (MQTT 5.0, 1.5.4).
const STRING_BYTES_MAX: usize = 65_535;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// `Name`
    Name,
    /// `Host`
    Host,
    /// `Port`
    Port,
    /// `Username`
    Username,
    /// `Client ID`
    ClientId,
    /// `Keep alive`
    KeepAlive,
    /// `Topic filter` of the subscription at this index.
    Subscription(usize),
    /// `CA certificate`
    CaCertificate,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where to show it.
    pub field: Field,
    /// One sentence.
    pub text: String,
}

/// Everything that is wrong with `profile`, in the order of the form; empty if it can be used.
///
/// No subscription at all is fine: someone may only publish.
pub fn validate(profile: &Profile) -> Vec<FieldError> {
    let Profile { name, connect, .. } = profile;
    let ConnectOptions { host, port, username, client_id, subscriptions, ca_certificate, .. } = connect;

    let mut errors = Vec::new();
    let mut check = |field, text: Option<String>| errors.extend(text.map(|text| FieldError { field, text }));
    check(Field::Name, name.trim().is_empty().then(|| "Enter a name.".to_owned()));
    check(Field::Host, url::host_error(host));
    check(Field::Port, (*port == 0).then(|| "A port is a number from 1 to 65535.".to_owned()));
    check(Field::Username, string_error(username));
    check(Field::ClientId, string_error(client_id).or_else(|| client_id_error(connect)));
    check(Field::KeepAlive, keep_alive_error(connect));
    for (index, subscription) in subscriptions.iter().enumerate() {
        check(Field::Subscription(index), filter_error(&subscription.filter));
    }
    let path_error =
        ca_certificate.as_ref().filter(|path| path.to_str().is_none() || path.as_os_str().is_empty());
    let uses_it = connect.protocol.has_tls();
    check(
        Field::CaCertificate,
        path_error
            .filter(|_| uses_it)
            .map(|_| "This path cannot be kept: it is empty or not UTF-8.".to_owned()),
    );
    errors
}

fn string_error(text: &str) -> Option<String> {
    if text.contains('\0') {
        Some("MQTT allows no NUL character here.".to_owned())
    } else if text.len() > STRING_BYTES_MAX {
        Some(format!("This has {} bytes; MQTT allows {STRING_BYTES_MAX}.", text.len()))
    } else {
        None
    }
}

fn client_id_error(connect: &ConnectOptions) -> Option<String> {
    // An empty ID becomes a new random one at each start: the broker would keep a session nobody ever comes back to.
    (connect.client_id.is_empty() && !connect.clean_session)
        .then(|| "Enter a client ID, or the broker cannot find the session it keeps.".to_owned())
}

fn keep_alive_error(connect: &ConnectOptions) -> Option<String> {
    (connect.version.first() == MqttVersion::V5 && connect.keep_alive_s < KEEP_ALIVE_S_MIN_V5).then(|| {
        format!(
            "With MQTT 5 this is {KEEP_ALIVE_S_MIN_V5} seconds or more; 0 to turn it off needs MQTT 3.1.1."
        )
    })
}

fn filter_error(filter: &str) -> Option<String> {
    let reason = filter::check_filter(filter).err()?.to_string();
    let mut chars = reason.chars();
    let first = chars.next()?;
    Some(format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::{Protocol, Subscription};

    fn good() -> Profile {
        Profile::new(
            "factory",
            ConnectOptions { host: "broker.example.org".to_owned(), ..ConnectOptions::default() },
        )
    }

    /// The only thing that is wrong after `change`.
    fn wrong(change: impl FnOnce(&mut Profile)) -> (Field, String) {
        let mut profile = good();
        change(&mut profile);
        match &validate(&profile)[..] {
            [FieldError { field, text }] => (*field, text.clone()),
            other => panic!("{other:?}"),
        }
    }

    fn subscribe(filters: &[&str]) -> Vec<Subscription> {
        filters
            .iter()
            .map(|filter| Subscription { filter: (*filter).to_owned(), ..Subscription::default() })
            .collect()
    }

    #[test]
    fn each_mistake_is_marked_at_its_field() {
        assert_eq!(wrong(|profile| profile.name = " ".to_owned()).0, Field::Name);
        assert_eq!(wrong(|profile| profile.connect.host.clear()).0, Field::Host);
        assert_eq!(wrong(|profile| profile.connect.port = 0).0, Field::Port);
        assert_eq!(wrong(|profile| profile.connect.username = "a\0b".to_owned()).0, Field::Username);
        assert_eq!(wrong(|profile| profile.connect.client_id = "x".repeat(65_536)).0, Field::ClientId);
        let (field, text) = wrong(|profile| profile.connect.clean_session = false);
        assert!(field == Field::ClientId && text.contains("Enter a client ID"), "{text}");
        let (field, text) = wrong(|profile| profile.connect.subscriptions = subscribe(&["a", "b/#/c", "+"]));
        assert_eq!(
            (field, text.as_str()),
            (Field::Subscription(1), "# must be the last level of the topic filter.")
        );
        let (field, _) = wrong(|profile| {
            profile.connect.protocol = Protocol::Mqtts;
            profile.connect.ca_certificate = Some("".into());
        });
        assert_eq!(field, Field::CaCertificate);
    }

    #[test]
    fn all_mistakes_are_marked_at_once() {
        let profile = Profile::new("", ConnectOptions { port: 0, ..ConnectOptions::default() });
        let fields: Vec<Field> = validate(&profile).into_iter().map(|error| error.field).collect();
        assert_eq!(fields, [Field::Name, Field::Host, Field::Port]);
    }

    #[test]
    fn what_is_unusual_but_works_is_not_marked() {
        let mut profile = good();
        profile.connect.subscriptions.clear(); // only publishes
        profile.connect.client_id = "me".to_owned();
        profile.connect.clean_session = false;
        assert_eq!(validate(&profile), []);
        profile.connect.subscriptions = subscribe(&["#", "$SYS/#", "/", "$share/group/a/+"]);
        profile.connect.ca_certificate = Some("".into()); // mqtt does not look at it
        assert_eq!(validate(&profile), []);
    }

    #[test]
    fn the_keep_alive_depends_on_the_version() {
        for (version, keep_alive_s, is_good) in [
            (MqttVersion::V5, 0, false),
            (MqttVersion::V5, 4, false),
            (MqttVersion::V5, 5, true),
            (MqttVersion::V5, u16::MAX, true),
            (MqttVersion::V3_1_1, 0, true),
            (MqttVersion::V3_1_1, 1, true),
        ] {
            let mut profile = good();
            profile.connect.version = version.into();
            profile.connect.keep_alive_s = keep_alive_s;
            assert_eq!(validate(&profile).is_empty(), is_good, "{version:?} {keep_alive_s}");
        }
    }
}
