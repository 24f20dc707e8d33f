use std::path::PathBuf;

use super::*;
use crate::mqtt::options::Secret;
use crate::store::atomic::Access;
use crate::store::document::Parsed;
use crate::store::notice::{Fault, Remark, Salvaged};

fn named(name: &str) -> Profile {
    let connect = ConnectOptions { host: format!("{name}.example.org"), ..ConnectOptions::default() };
    Profile::new(name, connect)
}

fn list_of(names: &[&str]) -> (Profiles, Vec<ProfileId>) {
    let mut profiles = Profiles::default();
    let ids = names.iter().map(|name| profiles.add(named(name))).collect();
    (profiles, ids)
}

fn copy_of(name: &str) -> String {
    format!("{name} copy")
}

fn names(profiles: &Profiles) -> Vec<&str> {
    profiles.iter().map(|profile| profile.name.as_str()).collect()
}

fn parse(text: &str) -> Parsed<Profiles> {
    Profiles::parse(text.as_bytes())
}

/// What is read from what was written.
fn again(profiles: &Profiles) -> Profiles {
    let text = profiles.print().unwrap();
    let Parsed { document, damage, remarks, amended } = parse(&text);
    assert_eq!((damage, remarks, amended), (None, vec![], false), "{text}");
    document
}

#[test]
fn new_connections_and_copies_get_free_names() {
    let mut profiles = Profiles::default();
    for expected in ["New connection", "New connection 2", "New connection 3"] {
        let id = profiles.add_new("New connection");
        assert_eq!(profiles.get(&id).unwrap().name, expected);
    }
    let first = profiles.iter().next().unwrap().id.clone();
    profiles.duplicate(&first, copy_of).unwrap();
    profiles.duplicate(&first, copy_of).unwrap();
    assert_eq!(
        names(&profiles),
        [
            "New connection",
            "New connection copy 2",
            "New connection copy",
            "New connection 2",
            "New connection 3"
        ],
        "a copy stands behind its original"
    );
}

#[test]
fn a_copy_is_a_connection_of_its_own() {
    let (mut profiles, ids) = list_of(&["a"]);
    let copy = profiles.duplicate(&ids[0], copy_of).unwrap();
    assert_ne!(copy, ids[0]);
    profiles.update(Profile { name: "changed".to_owned(), ..profiles.get(&copy).unwrap().clone() });
    assert_eq!(names(&profiles), ["a", "changed"]);
}

#[test]
fn a_deleted_connection_comes_back_where_it_was() {
    let (mut profiles, ids) = list_of(&["a", "b", "c"]);
    let before = profiles.clone();
    let (index, removed) = profiles.remove(&ids[1]).unwrap();
    assert_eq!(names(&profiles), ["a", "c"]);
    profiles.insert(index, removed);
    assert_eq!(profiles, before);
}

#[test]
fn moving_stops_at_the_ends() {
    let (mut profiles, ids) = list_of(&["a", "b", "c"]);
    assert!(!profiles.move_up(&ids[0]));
    assert!(!profiles.move_down(&ids[2]));
    assert!(profiles.move_down(&ids[0]));
    assert_eq!(names(&profiles), ["b", "a", "c"]);
    assert!(profiles.move_up(&ids[2]));
    assert_eq!(names(&profiles), ["b", "c", "a"]);
    assert!(profiles.move_to(&ids[0], 0));
    assert_eq!(names(&profiles), ["a", "b", "c"]);
    assert!(!profiles.move_to(&ids[0], 3));
    assert!(!profiles.move_up(&ProfileId::random()));
}

#[test]
fn what_is_gone_cannot_be_changed() {
    let (mut profiles, _) = list_of(&["a"]);
    assert!(!profiles.update(named("b")));
    assert!(profiles.remove(&ProfileId::random()).is_none());
    assert!(profiles.duplicate(&ProfileId::random(), copy_of).is_none());
    assert_eq!(names(&profiles), ["a"]);
}

#[test]
fn decoder_rules_stay_with_the_connection_in_their_order() {
    let mut profiles = Profiles::default();
    let id = profiles.add_new("factory");
    let rule = |filter: &str, decoder: &str| DecoderRule { filter: filter.into(), decoder: decoder.into() };
    let decoders = vec![rule("plant/+/raw", "struct:u16le temp/100 °C"), rule("a", "decoder-of-tomorrow:x")];
    let profile = Profile { decoders: decoders.clone(), ..profiles.get(&id).unwrap().clone() };
    profiles.update(profile);
    assert_eq!(again(&profiles).get(&id).unwrap().decoders, decoders);
}

#[test]
fn what_is_pinned_stays_with_the_connection() {
    let (mut profiles, ids) = list_of(&["a"]);
    let pinned = vec!["plant/hall-1/temperature".to_owned(), "工厂/温度".to_owned()];
    let profile = Profile { pinned: pinned.clone(), ..profiles.get(&ids[0]).unwrap().clone() };
    profiles.update(profile);
    assert_eq!(again(&profiles).get(&ids[0]).unwrap().pinned, pinned);
}

#[test]
fn a_file_that_is_written_by_hand_may_be_short() {
    let Parsed { document, damage, remarks, amended } =
        parse("[[profile]]\nname = \"home\"\nhost = \"10.0.0.1\"\n");
    assert_eq!((damage, remarks), (None, vec![]));
    assert!(amended, "it got an id, which has to be kept");
    let profile = document.iter().next().unwrap();
    let expected = ConnectOptions { host: "10.0.0.1".to_owned(), ..ConnectOptions::default() };
    assert_eq!((profile.name.as_str(), &profile.connect), ("home", &expected));
    assert_eq!(profile.password_place, PasswordPlace::Keyring);
}

#[test]
fn a_block_that_was_copied_with_its_id_is_a_connection_of_its_own() {
    let block = "[[profile]]\nid = \"1\"\nname = \"a\"\n";
    let Parsed { document, amended, .. } = parse(&[block, block].concat());
    let ids: Vec<_> = document.iter().map(|profile| profile.id.as_str()).collect();
    assert_eq!(ids[0], "1");
    assert_ne!(ids[1], "1");
    assert!(amended);
}

#[test]
fn unknown_keys_are_written_back() {
    let text = "version = 1\ncolour = \"teal\"\n[later]\nx = 1\n\
                [[profile]]\nid = \"1\"\nname = \"a\"\ngateway = { host = \"p\", port = 1 }\nlabels = [\"x\", \"y\"]\n";
    let profiles = again(&parse(text).document);
    let printed: Table = toml::from_str(&profiles.print().unwrap()).unwrap();
    assert_eq!(printed["colour"].as_str(), Some("teal"));
    assert_eq!(printed["later"]["x"].as_integer(), Some(1));
    assert_eq!(printed["profile"][0]["gateway"]["port"].as_integer(), Some(1));
    assert_eq!(printed["profile"][0]["labels"][1].as_str(), Some("y"));
}

#[test]
fn unknown_keys_within_the_tables_of_a_profile_are_written_back() {
    let text = "[[profile]]\nid = \"1\"\nname = \"a\"\n\
                [profile.tls]\nverify = true\nlater = 1\n\
                [profile.network.proxy]\nhost = \"p\"\nlater = 2\n\
                [profile.will]\ntopic = \"t\"\n[profile.will.properties]\nlater = 3\n";
    let mut profiles = again(&parse(text).document);
    let later = |profiles: &Profiles| {
        let printed: Table = toml::from_str(&profiles.print().unwrap()).unwrap();
        let profile = &printed["profile"][0];
        let numbers = [&profile["tls"], &profile["network"]["proxy"], &profile["will"]["properties"]]
            .map(|table| table["later"].as_integer().unwrap());
        (numbers, profile["tls"]["verify"].as_bool(), profile["network"]["proxy"]["host"].clone())
    };
    assert_eq!(later(&profiles), ([1, 2, 3], Some(true), "p".into()));

    let mut changed = profiles.iter().next().unwrap().clone();
    changed.connect.tls.verify = false;
    changed.connect.network.proxy.as_mut().unwrap().host = "q".to_owned();
    profiles.update(changed);
    assert_eq!(later(&again(&profiles)), ([1, 2, 3], Some(false), "q".into()), "what was changed holds");
}

#[test]
fn the_number_of_a_later_version_is_kept_and_told() {
    let Parsed { document, remarks, damage, .. } =
        parse("version = 7\n[[profile]]\nid = \"1\"\nname = \"a\"\n");
    assert_eq!(damage, None);
    assert_eq!(remarks, [Remark::NewerVersion]);
    assert!(document.print().unwrap().contains("version = 7\n"));
}

#[test]
fn a_connection_that_makes_no_sense_stays_in_the_file() {
    let text = "[[profile]]\nid = \"1\"\nname = \"good\"\n[[profile]]\nid = \"2\"\nname = \"bad\"\nport = 99999\n\
                [[profile]]\nid = \"3\"\nname = \"later\"\nprotocol = \"quic\"\n";
    let Parsed { document, damage, remarks, .. } = parse(text);
    assert_eq!((names(&document), damage), (vec!["good"], None));
    let unreadable = |remark: &Remark| match remark {
        Remark::NotAConnection { name, .. } => name.clone(),
        _ => None,
    };
    assert_eq!(remarks.iter().filter_map(unreadable).collect::<Vec<_>>(), ["bad", "later"]);
    let printed: Table = toml::from_str(&document.print().unwrap()).unwrap();
    assert_eq!(printed["profile"][1]["port"].as_integer(), Some(99_999));
    assert_eq!(printed["profile"][2]["protocol"].as_str(), Some("quic"));
    assert_eq!(printed["profile"][2].as_table().unwrap().len(), 3);
}

#[test]
fn a_typo_costs_only_the_connection_that_has_it() {
    let text = "version = 1\n\n[[profile]]\nid = \"1\"\nname = \"a\"\n[[profile.subscriptions]]\nfilter = \"x\"\n\n\
                [[ profile ]] # the second\nid = \"2\"\nname = \"b\"\nhost = \"unclosed\nport = 1883\n\n\
                [[profile]]\nid = \"3\"\nname = \"c\"\n";
    let Parsed { document, damage, .. } = parse(text);
    assert_eq!(names(&document), ["a", "c"]);
    assert_eq!(document.iter().next().unwrap().connect.subscriptions[0].filter, "x");
    let damage = damage.unwrap();
    assert!(matches!(damage.faults[..], [Fault::Syntax { line: 12, .. }]), "{damage:?}");
    assert_eq!(damage.salvaged, Salvaged::Connections { read: 2, lost: 1 });
}

#[test]
fn parts_that_are_wrong_only_together_are_all_read_and_the_reason_is_told() {
    let text = "profile = []\n[[profile]]\nid = \"1\"\nname = \"a\"\n";
    let Parsed { document, damage, .. } = parse(text);
    assert_eq!(names(&document), ["a"]);
    let faults = damage.unwrap().faults;
    let [Fault::Syntax { line: 2, reason }] = &faults[..] else { panic!("{faults:?}") };
    assert_ne!(reason, "");
}

#[test]
fn bytes_that_are_no_text_cost_only_the_connection_that_has_them() {
    let text = b"[[profile]]\nid = \"1\"\nname = \"a\"\n[[profile]]\nname = \"\xff\xfe\"\n[[profile]]\nid = \"3\"\nname = \"c\"\n";
    let Parsed { document, damage, .. } = Profiles::parse(text);
    assert_eq!(names(&document), ["a", "c"]);
    assert_eq!(damage.unwrap().faults, [Fault::NotUtf8 { line: 5 }]);
}

#[test]
fn nothing_that_is_said_of_a_file_quotes_a_password() {
    let files = [
        "[[profile]]\nname = \"a\"\npassword = \"hunter2\"\n",
        "[[profile]]\nname = \"a\"\npassword_text = [\"hunter2\"]\n",
        "[[profile]]\nname = \"a\"\npassword_text = \"hunter2\n",
        "[[profile]]\nname = \"a\"\npassword_text = hunter2\n",
        "[[profile]]\nname = \"a\"\npassword_text = \"\\hunter2\"\n",
        "[[profile]]\nname = \"a\"\nport = \"hunter2\"\n",
        "[[profile]]\nname = \"a\"\nprotocol = \"hunter2\"\n",
        "[[profile]]\nname = \"a\"\nversion = \"hunter2\"\n",
        "[[profile]]\nname = \"a\"\ntoken_text = 5\nkey_passphrase_text = \"hunter2\"\n",
        "[[profile]]\nname = \"a\"\ntls = \"hunter2\"\n",
        "[[profile]]\nname = \"a\"\nauthentication = { kind = \"hunter2\" }\n",
        "[[profile]]\nname = \"a\"\n[[profile.subscriptions]]\nretain_handling = \"hunter2\"\n",
        "[[profile]]\nname = \"a\"\nhunter2\n",
        "profile = \"hunter2\"\n",
        "[profile]\nname = \"a\"\nhunter2 = 1\nhunter2 = 2\n",
    ];
    for file in files {
        let Parsed { damage, remarks, document, .. } = parse(file);
        assert!(damage.is_some() || !remarks.is_empty(), "{file}");
        let told = format!("{damage:?} {remarks:?} {:?}", document.list);
        assert!(!told.contains("hunter2"), "{file}\n{told}");
    }
}

#[test]
fn a_password_is_written_only_where_the_file_is_its_place() {
    let (mut profiles, ids) = list_of(&["a"]);
    for place in PasswordPlace::ALL {
        let file_secrets = Secrets {
            password: Secret::new("hunter2"),
            key_passphrase: Secret::new("hunter3"),
            proxy_password: Secret::new("hunter4"),
            token: Secret::new("hunter5"),
        };
        profiles.update(Profile { password_place: place, file_secrets, id: ids[0].clone(), ..named("a") });
        let text = profiles.print().unwrap();
        for secret in ["hunter2", "hunter3", "hunter4", "hunter5"] {
            assert_eq!(text.contains(secret), place == PasswordPlace::File, "{text}");
        }
        let private = profiles.access() == Access::Private;
        assert_eq!(private, place == PasswordPlace::File, "{place:?}");
    }
    assert_eq!(again(&profiles), profiles);
}

#[cfg(unix)]
#[test]
fn a_path_that_toml_cannot_hold_is_refused_with_its_name() {
    use std::os::unix::ffi::OsStringExt as _;

    use crate::store::notice::Unwritable;
    use crate::store::transfer::FilePurpose;

    let mut profile = named("factory");
    profile.connect.ca_certificate = Some(PathBuf::from(std::ffi::OsString::from_vec(b"/\xff.pem".to_vec())));
    let mut profiles = Profiles::default();
    let id = profiles.add(profile.clone());
    // Without TLS it is not used, so nothing else is lost for it.
    assert_eq!(again(&profiles).get(&id).unwrap().connect.ca_certificate, None);
    profile.connect.protocol = crate::mqtt::options::Protocol::Mqtts;
    profiles.update(Profile { id, ..profile });
    let (name, file) = ("factory".to_owned(), FilePurpose::CaCertificate);
    assert_eq!(profiles.print(), Err(Unwritable::PathOf { name, file }));
}

mod merging {
    use super::*;

    fn renamed(profiles: &Profiles, id: &ProfileId, name: &str) -> Profiles {
        let mut changed = profiles.clone();
        changed.update(Profile { name: name.to_owned(), ..profiles.get(id).unwrap().clone() });
        changed
    }

    #[test]
    fn what_both_changed_is_kept_twice_and_told() {
        let (base, ids) = list_of(&["a", "b"]);
        let merged = Profiles::merge(
            &base,
            &renamed(&base, &ids[0], "ours"),
            &renamed(&base, &ids[0], "theirs"),
            true,
        );
        assert_eq!(names(&merged.document), ["ours", "theirs (other change)", "b"]);
        assert_eq!(merged.document.get(&ids[0]).unwrap().name, "ours", "ours keeps the id");
        let (name, kept_as) = ("theirs".to_owned(), "theirs (other change)".to_owned());
        assert_eq!(merged.remarks, [Remark::ChangedTwice { name, kept_as }]);
    }

    #[test]
    fn what_a_damaged_file_lacks_was_not_deleted() {
        let (base, ids) = list_of(&["a", "b", "c"]);
        let mut theirs = renamed(&base, &ids[2], "c2");
        theirs.remove(&ids[1]);
        let merged = Profiles::merge(&base, &base, &theirs, false).document;
        let mut after = names(&merged);
        after.sort_unstable();
        assert_eq!(after, ["a", "b", "c2"]);
        assert_eq!(names(&Profiles::merge(&base, &base, &theirs, true).document), ["a", "c2"]);
    }

    #[test]
    fn a_save_that_brought_something_in_leaves_what_was_typed_meanwhile() {
        let (given, ids) = list_of(&["a", "b"]);
        let stored = renamed(&given, &ids[1], "b of another window");
        let mut now = renamed(&given, &ids[0], "a typed since");
        now.adopt(&Saved { given, stored, notices: Vec::new() });
        assert_eq!(names(&now), ["a typed since", "b of another window"]);
    }
}

mod round_trip;

#[test]
fn many_connections_get_their_names_and_ids_at_once() {
    let mut profiles = Profiles::default();
    profiles.add(Profile::new("factory", ConnectOptions::default()));
    let taken = profiles.iter().next().unwrap().id.clone();
    let same = |_| Profile { id: taken.clone(), ..Profile::new("factory", ConnectOptions::default()) };
    let ids = profiles.add_all((0..10_000).map(same));
    assert_eq!(profiles.at(10_000).unwrap().name, "factory 10001");
    let names: std::collections::HashSet<_> = profiles.iter().map(|profile| &profile.name).collect();
    let ids: std::collections::HashSet<_> = ids.iter().chain([&taken]).collect();
    assert_eq!((names.len(), ids.len()), (10_001, 10_001));
}

#[test]
fn a_copy_for_the_disk_shares_the_connections() {
    let mut profiles = Profiles::default();
    profiles.add_all((0..3).map(|_| Profile::new("factory", ConnectOptions::default())));
    let copy = profiles.clone();
    let shares = |index| std::ptr::eq(profiles.at(index).unwrap(), copy.at(index).unwrap());
    assert!((0..3).all(shares));
    assert_eq!(copy, profiles);
}
