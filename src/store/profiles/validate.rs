//! Finds what is wrong with a connection before anything is sent, with the field of each problem, for the form to mark.
//!
//! [`crate::mqtt::check`] finds what keeps it from working; this module adds what keeps it from being saved.

use std::path::Path;

pub use crate::mqtt::check::{Field, Problem, hints};
use crate::mqtt::check::{Issue, check};
use crate::store::profiles::Profile;

/// Everything that is wrong with `profile`, in the order of the form; empty if it can be used and kept.
pub fn validate(profile: &Profile) -> Vec<Problem> {
    let Profile { name, connect, .. } = profile;
    let mut errors = check(connect);
    let mut add = |field, issue| errors.push(Problem { field, issue });
    if name.trim().is_empty() {
        add(Field::Name, Issue::NameMissing);
    }
    let paths = [
        (Field::CaCertificate, &connect.ca_certificate),
        (Field::ClientCertificate, &connect.tls.client_certificate),
        (Field::ClientKey, &connect.tls.client_key),
    ];
    for (field, path) in paths {
        // Checked even without TLS, because the path is saved either way.
        if path.as_deref().is_some_and(|path: &Path| path.to_str().is_none()) {
            add(field, Issue::PathNotUtf8);
        }
    }
    errors.sort_by_key(|error| error.field);
    errors
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::{ConnectOptions, Subscription};

    fn good() -> Profile {
        Profile::new(
            "factory",
            ConnectOptions { host: "broker.example.org".to_owned(), ..ConnectOptions::default() },
        )
    }

    fn fields(profile: &Profile) -> Vec<Field> {
        validate(profile).into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn all_mistakes_are_marked_at_once_in_the_order_of_the_form() {
        let options = ConnectOptions {
            port: 0,
            subscriptions: vec![
                Subscription::default(),
                Subscription::new("a#", crate::message::QoS::AtMostOnce),
            ],
            ..ConnectOptions::default()
        };
        let profile = Profile::new(" ", options);
        assert_eq!(fields(&profile), [Field::Name, Field::Host, Field::Port, Field::Subscription(1)]);
    }

    #[test]
    fn a_connection_that_works_and_has_a_name_is_not_marked() {
        assert_eq!(validate(&good()), []);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_the_file_cannot_hold_is_marked() {
        use std::os::unix::ffi::OsStringExt as _;
        let odd = std::path::PathBuf::from(std::ffi::OsString::from_vec(b"/\xff.pem".to_vec()));
        let mut profile = good();
        profile.connect.ca_certificate = Some(odd.clone());
        profile.connect.tls.client_certificate = Some(odd.clone());
        profile.connect.tls.client_key = Some(odd);
        assert_eq!(fields(&profile), [Field::CaCertificate, Field::ClientCertificate, Field::ClientKey]);
    }
}
