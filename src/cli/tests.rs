use super::*;
use crate::message::QoS;
use crate::mqtt::options::{ConnectOptions, MqttVersion, Protocol, Secret};
use crate::store::profiles::PasswordPlace;
use crate::store::settings::Renderer;

/// Splits at spaces; `''` stands for an empty argument.
fn words(line: &str) -> Vec<OsString> {
    line.split_whitespace().map(|word| if word == "''" { "".into() } else { word.into() }).collect()
}

fn launch(line: &str) -> Launch {
    parse_with(words(line), &Environment::default()).unwrap_or_else(|exit| panic!("{line}: {}", exit.text))
}

fn connection(line: &str) -> Connection {
    let launch = launch(line);
    assert_eq!(launch.connections.len(), 1, "{line}");
    launch.connections.into_iter().next().unwrap()
}

fn options(line: &str) -> ConnectOptions {
    connection(line).profile.connect
}

fn wrong(line: &str) -> String {
    let exit = parse_with(words(line), &Environment::default()).expect_err(line);
    assert_eq!((exit.status, exit.to_stderr), (status::USAGE, true), "{line}: {}", exit.text);
    exit.text
}

fn filters(line: &str) -> Vec<(String, QoS)> {
    options(line).subscriptions.into_iter().map(|s| (s.filter, s.qos)).collect()
}

#[test]
fn without_arguments_the_window_opens_on_what_is_saved() {
    assert_eq!(launch("mqttree"), Launch::default());
}

#[test]
fn a_url_and_the_options_mean_the_same() {
    let Connection { profile, secrets, .. } =
        connection("mqttree mqtt://ada:s%2Fecret@broker.example.org:1884 -t a/# -q 1 -V 311 -i me -k 30 -c");
    let other = connection(
        "mqttree -h broker.example.org -p 1884 -u ada -P s/ecret -t a/# -q 1 -V 311 -i me -k 30 -c",
    );
    assert_eq!(profile.connect, other.profile.connect);
    assert_eq!((secrets.clone(), secrets), (other.secrets, Secret::new("s/ecret").into()));

    let expected = ConnectOptions {
        protocol: Protocol::Mqtt,
        host: "broker.example.org".to_owned(),
        port: 1884,
        version: MqttVersion::V3_1_1.into(),
        username: "ada".to_owned(),
        client_id: "me".to_owned(),
        keep_alive_s: 30,
        clean_session: false,
        subscriptions: vec![crate::mqtt::options::Subscription::new("a/#", QoS::AtLeastOnce)],
        ..ConnectOptions::default()
    };
    assert_eq!(profile.connect, expected);
    assert_eq!(
        (profile.name.as_str(), profile.password_place),
        ("broker.example.org:1884", PasswordPlace::Ask)
    );
}

#[test]
fn a_url_alone_may_be_a_link_unless_a_shell_runs_it() {
    assert!(connection("mqttree mqtt://h").may_be_link);
    for line in
        ["mqttree -L mqtt://h", "mqttree -h h", "mqttree mqtt://h -t a", "mqttree mqtt://h --renderer glow"]
    {
        assert!(!connection(line).may_be_link, "{line}");
    }
    let environment = Environment { from_shell: true, ..Environment::default() };
    let launch = parse_with(words("mqttree mqtt://h"), &environment).unwrap();
    assert!(!launch.connections[0].may_be_link);
}

#[test]
fn a_tab_is_called_after_the_port_too_if_it_is_not_the_usual_one() {
    for (line, expected) in [
        ("mqttree -h h", "h"),
        ("mqttree -h h -p 1883", "h"),
        ("mqttree -h h -p 1884", "h:1884"),
        ("mqttree mqtts://h", "h"),
        ("mqttree mqtts://h:1883", "h:1883"),
        ("mqttree mqtt://[::1]:1884", "[::1]:1884"),
    ] {
        assert_eq!(connection(line).profile.name, expected, "{line}");
    }
}

#[test]
fn what_is_not_given_is_as_in_a_new_connection() {
    let expected = ConnectOptions { host: "h".to_owned(), ..ConnectOptions::default() };
    assert_eq!(options("mqttree -h h"), expected);
    assert_eq!(options("mqttree mqtt://h"), expected);
    assert_eq!(options("mqttree -L mqtt://h"), expected);
    assert_eq!(options("mqttree --host h"), expected);
}

#[test]
fn filters_are_repeatable_and_the_topic_of_a_url_is_one() {
    let at = |filters: &[&str], qos| filters.iter().map(|f| ((*f).to_owned(), qos)).collect::<Vec<_>>();
    assert_eq!(filters("mqttree -h h"), at(&["#"], QoS::AtMostOnce));
    assert_eq!(filters("mqttree -h h -t a -t b/+ -t a -q 2"), at(&["a", "b/+"], QoS::ExactlyOnce));
    assert_eq!(filters("mqttree mqtt://h/plant/#"), at(&["plant/#"], QoS::AtMostOnce));
    assert_eq!(filters("mqttree mqtt://h/ -t a"), at(&["a"], QoS::AtMostOnce));
    assert_eq!(filters("mqttree mqtt://h/a%20b?c -t x"), at(&["a b?c", "x"], QoS::AtMostOnce));
    assert_eq!(filters("mqttree -h h -t $SYS/#"), at(&["$SYS/#"], QoS::AtMostOnce));
}

#[test]
fn options_alone_mean_this_machine_as_with_mosquitto() {
    assert_eq!(options("mqttree -t a/#").host, "localhost");
    assert_eq!(options("mqttree -p 1884").port, 1884);
}

#[test]
fn tls_has_its_own_port() {
    for line in ["mqttree mqtts://h", "mqttree -h h --cafile ca.pem"] {
        let ConnectOptions { protocol, port, .. } = options(line);
        assert_eq!((protocol, port), (Protocol::Mqtts, 8883), "{line}");
    }
    assert_eq!(options("mqttree -h h -p 1 --cafile ca.pem").port, 1);
    assert!(wrong("mqttree mqtt://h --cafile ca.pem").contains("Write mqtts://"));
}

#[test]
fn an_ipv6_address_works_with_and_without_brackets() {
    for line in ["mqttree -h ::1", "mqttree -h [::1]", "mqttree mqtt://[::1]:1883", "mqttree mqtt://[::1]"] {
        assert_eq!(options(line).url(), "mqtt://[::1]:1883", "{line}");
    }
}

#[test]
fn versions_have_mosquittos_names() {
    for (name, version) in [
        ("31", MqttVersion::V3_1),
        ("311", MqttVersion::V3_1_1),
        ("mqttv311", MqttVersion::V3_1_1),
        ("5", MqttVersion::V5),
        ("mqttv5", MqttVersion::V5),
    ] {
        assert_eq!(options(&format!("mqttree -h h -V {name}")).version, version.into());
    }
    assert!(wrong("mqttree -h h -V 4").contains("Use -V auto, -V 5, -V 311 or -V 31"));
}

#[test]
fn the_environment_has_the_password_for_a_user_name_only() {
    let environment = Environment { secrets: Secret::new("from-env").into(), ..Environment::default() };
    let with = |line: &str| {
        let launch = parse_with(words(line), &environment).unwrap();
        launch.connections[0].secrets.password.expose().to_owned()
    };
    assert_eq!(with("mqttree -h h -u ada"), "from-env");
    assert_eq!(with("mqttree mqtt://ada@h"), "from-env");
    assert_eq!(with("mqttree -h h -u ada -P typed"), "typed");
    assert_eq!(with("mqttree -h h"), "");
}

#[test]
fn the_environment_has_the_password_for_the_one_saved_connection_that_is_named() {
    let environment = Environment { secrets: Secret::new("from-env").into(), ..Environment::default() };
    let with = |line: &str| parse_with(words(line), &environment).unwrap().given.password.expose().to_owned();
    assert_eq!(with("mqttree --profile factory"), "from-env");
    assert_eq!(with("mqttree --profile factory --profile home"), "", "which of them is meant?");
    assert_eq!(with("mqttree"), "");
}

#[cfg(unix)]
#[test]
fn a_secret_of_the_environment_that_is_not_utf_8_is_refused_where_it_is_needed() {
    use std::os::unix::ffi::OsStringExt as _;
    for (name, line) in [
        ("MQTTREE_PASSWORD", "mqttree -h h -u ada"),
        ("MQTTREE_PASSWORD", "mqttree --profile factory"),
        ("MQTTREE_PROXY_PASSWORD", "mqttree -h h --proxy socks5h://ada@p"),
        ("MQTTREE_KEY_PASSPHRASE", "mqttree -h h --key key.pem --cert cert.pem"),
        ("MQTTREE_TOKEN", "mqttree -h h -V 5 -D connect authentication-method JWT"),
    ] {
        let set = |asked: &str| (asked == name).then(|| OsString::from_vec(b"h\xe9".to_vec()));
        let environment = Environment::from(set);
        let exit = parse_with(words(line), &environment).unwrap_err();
        assert_eq!(exit.status, status::USAGE);
        assert!(exit.text.contains(&format!("{name} is not UTF-8")), "{line}\n{}", exit.text);
        assert!(parse_with(words("mqttree -h h"), &environment).is_ok(), "nothing needs it there");
        assert!(parse_with(words("mqttree --help"), &environment).unwrap_err().status == status::DONE);
    }
}

#[test]
fn a_password_alone_needs_mqtt_5() {
    assert_eq!(connection("mqttree -h h -P token").secrets, Secret::new("token").into());
    assert!(wrong("mqttree -h h -P token -V 311").contains("Add -u USER"));
}

#[test]
fn the_other_options_go_with_the_window() {
    let launch =
        launch("mqttree --demo --profile factory --profile home --renderer glow --perf-log perf.jsonl");
    assert_eq!(launch.saved, ["factory", "home"]);
    assert!(launch.demo && launch.connections.is_empty());
    assert_eq!((launch.renderer, launch.perf_log), (Some(Renderer::Glow), Some("perf.jsonl".into())));
    assert!(wrong("mqttree --renderer automatic").contains("possible values: glow, wgpu"));
    if !Renderer::Wgpu.is_built_in() {
        assert!(wrong("mqttree --renderer wgpu").contains("draws with OpenGL alone"));
    }
    assert_eq!(connection("mqttree --demo -h h -t x").profile.connect.host, "h");
}

#[test]
fn wrong_usage_says_what_and_how_it_is_right() {
    for (line, expected) in [
        ("mqttree -h h -p 0", "a port is a number from 1 to 65535"),
        ("mqttree -h h -p 65536", "a port is a number from 1 to 65535"),
        ("mqttree -h h -p +1", "a port is a number from 1 to 65535"),
        ("mqttree -h h -q 3", "QoS is 0, 1 or 2"),
        ("mqttree -h h -k x", "a number of seconds"),
        ("mqttree -h h -c", "Enter a client ID"),
        ("mqttree -h h -t a/#/b", "# must be the last level"),
        ("mqttree -h h -t ''", "The topic filter is empty"),
        ("mqttree -h ''", "Enter the broker's host name"),
        ("mqttree -h mqtt://h", "Only the host belongs here"),
        ("mqttree -h h:1883", "The port belongs in its own field"),
        ("mqttree h", "a URL begins with mqtt://"),
        ("mqttree http://h", "the scheme is not known"),
        ("mqttree mqtt://h -h h", "Use one of URL, -L URL, -h HOST and --unix PATH"),
        ("mqttree mqtt://h:1 -p 2", "-p and the URL give different values for the port"),
        ("mqttree mqtt://a@h -u b", "-u and the URL give different values for the user name"),
        ("mqttree --demo -t x", "-t belongs to a connection, and --demo brings its own options"),
        ("mqttree --profile a -u x", "-u belongs to a connection, and --profile"),
        ("mqttree --nonsense", "unexpected argument '--nonsense'"),
        ("mqttree -h", "a value is required"),
        ("mqttree mqtt://a mqtt://b", "unexpected argument"),
    ] {
        let text = wrong(line);
        assert!(text.contains(expected), "{line}\n{text}");
        assert!(text.contains("--help") && text.ends_with('\n'), "{line}\n{text}");
    }
}

#[test]
fn the_same_value_twice_is_no_contradiction() {
    assert_eq!(options("mqttree mqtt://ada@h:1884 -p 1884 -u ada").port, 1884);
}

#[test]
fn no_password_is_ever_printed() {
    for line in [
        "mqttree mqtt://ada:hunter2@h -P other",
        "mqttree mqtt://ada:x@h -P hunter2",
        "mqttree ada:hunter2@h",
        "mqttree mqtt://ada:hunter2%@h",
        "mqttree mqtt://ada:hun/hunter2@h",
        "mqttree mqtt://ada:hunter2/x@h",
        "mqttree http://ada:hunter2@h",
        "mqttree mqtt://ada:hunter2@h:x",
        "mqttree -h h -P hunter2 -V 311",
        "mqttree -h h -u ada -P hunter2 -q 7",
    ] {
        let text = wrong(line);
        assert!(!text.contains("hunter2"), "{line}\n{text}");
    }
    let launch = launch("mqttree -h h -u ada -P hunter2");
    assert!(!format!("{launch:?}").contains("hunter2"));
}

#[test]
fn no_debug_of_a_command_shows_a_secret() {
    let options = "-u ada -P hunter2 --proxy http://eve:hunter2@p -D connect authentication-method JWT \
                   -D connect authentication-data hunter2 -L wss://h/mqtt?token=hunter2 -t a";
    let environment = Environment { secrets: Secret::new("hunter2").into(), ..Environment::default() };
    for line in [format!("mqttree sub {options}"), format!("mqttree pub {options} -m x")] {
        let plan = command_with(words(&line), &environment).unwrap();
        assert!(!matches!(plan, CliCommand::Window(_)), "{line}");
        assert!(!format!("{plan:?}").contains("hunter2"), "{plan:?}");
    }
}

/// What a command line prints without running anything.
fn printed(line: &str) -> String {
    let exit = command_with(words(line), &Environment::default()).unwrap_err();
    assert_eq!((exit.status, exit.to_stderr), (status::DONE, false), "{line}: {}", exit.text);
    exit.text
}

#[test]
fn every_command_has_its_help_and_its_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(printed("mqttree version"), format!("mqttree {version}\n"));
    assert_eq!(printed("mqttree --version"), format!("mqttree {version}\n"));
    assert_eq!(printed("mqttree sub --version"), format!("mqttree sub {version}\n"));
    assert_eq!(printed("mqttree pub --version"), format!("mqttree pub {version}\n"));
    assert!(printed("mqttree help").contains("mqttree sub --help"));
    for (help, line, option) in [
        ("mqttree help sub", "mqttree sub --help", "--random-filter"),
        ("mqttree help pub", "mqttree pub --help", "--stdin-line"),
    ] {
        for line in [help, line] {
            let text = printed(line);
            assert!(text.contains(option) && text.contains("Usage: mqttree "), "{line}: {text}");
        }
    }
}

#[test]
fn every_shell_completes_the_commands_and_their_options() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = printed(&format!("mqttree completions {shell}"));
        for expected in ["completions", "random-filter", "stdin-line", "perf-log"] {
            assert!(script.contains(expected), "{shell}: {expected}");
        }
    }
}

#[test]
fn the_window_and_a_command_do_not_mix() {
    let exit = command_with(words("mqttree -h h sub -t a"), &Environment::default()).unwrap_err();
    assert_eq!((exit.status, exit.to_stderr), (status::USAGE, true), "{}", exit.text);
}

#[test]
fn the_definition_holds_together() {
    definition().debug_assert();
}

#[test]
fn help_and_version_are_no_errors() {
    let help = parse_with(words("mqttree --help"), &Environment::default()).unwrap_err();
    assert_eq!((help.status, help.to_stderr), (status::DONE, false));
    for expected in
        ["-h, --host", "-P, --pw", "--perf-log", "MQTTREE_PASSWORD", "MQTTREE_HOME", "Exit status"]
    {
        assert!(help.text.contains(expected), "{expected} is missing in\n{}", help.text);
    }
    let version = parse_with(words("mqttree --version"), &Environment::default()).unwrap_err();
    assert_eq!(version.text, concat!("mqttree ", env!("CARGO_PKG_VERSION"), "\n"));
    assert_eq!((version.status, version.to_stderr), (status::DONE, false));
}

#[test]
fn a_saved_connection_is_found_by_its_name() {
    let mut profiles = Profiles::default();
    for name in ["Factory", "home"] {
        profiles.add(Profile::new(name, ConnectOptions::default()));
    }
    let find = |line: &str| {
        let launch = launch(line);
        named_profiles(&launch, &profiles)
            .map(|found| found.iter().map(|p| p.name.clone()).collect::<Vec<_>>())
    };
    assert_eq!(find("mqttree --profile home --profile factory").unwrap(), ["home", "Factory"]);
    let text = find("mqttree --profile garden").unwrap_err().text;
    assert!(text.contains("no saved connection is called \"garden\""), "{text}");
    assert!(text.contains("Saved are \"Factory\", \"home\"."), "{text}");

    profiles.insert(0, Profile::new("home", ConnectOptions::default()));
    let launch = launch("mqttree --profile home");
    let text = named_profiles(&launch, &profiles).unwrap_err().text;
    assert!(text.contains("2 saved connections are called \"home\""), "{text}");
    let none = named_profiles(&launch, &Profiles::default()).unwrap_err().text;
    assert!(none.contains("None is saved yet"), "{none}");
}

#[test]
fn a_missing_display_is_told_in_one_line() {
    let text = no_display(|_| None).unwrap();
    assert!(text.contains("xvfb-run") && !text.contains('\n'), "{text}");
    assert!(no_display(|_| Some("".into())).is_some(), "an empty variable names no display");
    for name in ["DISPLAY", "WAYLAND_DISPLAY"] {
        assert_eq!(no_display(|asked| (asked == name).then(|| ":0".into())), None);
    }
}

#[test]
fn a_folder_in_place_of_a_url_is_a_recording() {
    let folder = tempfile::tempdir().unwrap();
    let launch = parse_with(["mqttree".into(), folder.path().into()], &Environment::default()).unwrap();
    assert_eq!((launch.recordings, launch.connections.len()), (vec![folder.path().to_owned()], 0));
}
