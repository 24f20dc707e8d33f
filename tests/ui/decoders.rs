//! The panel of decoder rules, and what rules change in the tree.

use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, DecoderAction};
use mqttree::demo;
use mqttree::model::Limits;
use mqttree::mqtt::options::{ConnectOptions, Secrets};
use mqttree::panels::decoders::DecodersView;
use mqttree::panels::topics::TopicsView;
use mqttree::payload::preview;
use mqttree::payload::schema::SchemaFiles;
use mqttree::query::{Readings, Rule, Rules};
use mqttree::session::Session;
use mqttree::store::profiles::DecoderRule;

use crate::harness::{NOW, Stage, stage_of, until};
use crate::snapshots::pictures;

type View = Harness<'static, Stage<DecodersView>>;

/// 21.5 °C and -67 dBm by the layout of the tests.
const SENSOR: &[u8] = &[0x66, 0x08, 0xBD];
const LAYOUT: &str = "struct:u16le temp/100 °C, i8 rssi dBm";

fn prepared(rules: &[(&str, &str)]) -> Stage<DecodersView> {
    let mut stage = Stage::new(DecodersView::default());
    let node = stage.receive("plant/hall-1/press-03/raw", SENSOR, NOW);
    stage.selected = Some(node);
    stage.rules = Rules::new(rules.iter().map(|(filter, decoder)| Rule::new(*filter, *decoder)));
    stage
}

/// High enough for the list of all decoders.
fn open(stage: Stage<DecodersView>) -> View {
    stage_of(stage, vec2(1_000.0, 1_000.0), Theme::Dark)
}

fn rule(filter: &str, decoder: &str) -> DecoderRule {
    DecoderRule { filter: filter.to_owned(), decoder: decoder.to_owned() }
}

fn field<'h>(harness: &'h View, name: &'h str) -> egui_kittest::Node<'h> {
    let is_field = |node: &egui_kittest::Node<'_>| node.accesskit_node().role() == Role::TextInput;
    harness.get_all_by_label(name).find(is_field).unwrap()
}

fn asked(harness: &View) -> Vec<DecoderAction> {
    let actions = harness.state().actions.iter();
    actions
        .filter_map(|action| match action {
            Action::Decoder(action) => Some(action.clone()),
            _ => None,
        })
        .collect()
}

fn shown(harness: &View) -> String {
    harness.get_by_label("Preview").value().unwrap_or_default()
}

fn choose(harness: &mut View, decoder: &str) {
    harness.get_by_role_and_label(Role::ComboBox, "Decoder").click();
    harness.run_steps(2);
    harness.get_by_label(decoder).click();
    harness.run_steps(3);
}

#[test]
fn the_form_stands_on_the_selected_topic_and_shows_what_the_decoder_makes_of_it() {
    let mut harness = open(prepared(&[]));
    harness.run_steps(2);
    harness.get_by_label("No decoder rules");
    assert_eq!(field(&harness, "Topic filter").value().as_deref(), Some("plant/hall-1/press-03/raw"));
    assert!(shown(&harness).starts_with("66 08 bd"), "{}", shown(&harness));
    choose(&mut harness, "Layout");
    field(&harness, "Decoder options").focus();
    harness.run_steps(2);
    field(&harness, "Decoder options").type_text("u16le temp/100, i8 rssi");
    harness.run_steps(3);
    assert_eq!(shown(&harness), "{\n  \"temp\": 21.5,\n  \"rssi\": -67\n}");
    harness.get_by_label("Add rule").click();
    harness.run_steps(2);
    let expected = rule("plant/hall-1/press-03/raw", "struct:u16le temp/100, i8 rssi");
    assert_eq!(asked(&harness), [DecoderAction::Set(expected)]);
}

#[test]
fn a_wrong_rule_is_explained_and_not_added() {
    let mut harness = open(prepared(&[]));
    harness.run_steps(2);
    choose(&mut harness, "Numbers");
    harness.get_by_label("Add rule").click();
    harness.run_steps(2);
    harness.get_by_label_contains("needs to know more");
    assert_eq!(asked(&harness), []);
}

#[test]
fn a_rule_of_the_list_is_changed_and_removed() {
    let mut harness = open(prepared(&[("plant/#", "cbor"), ("plant/+/+/raw", LAYOUT)]));
    harness.run_steps(2);
    harness.get_by_label("Remove the rule of plant/#").click();
    harness.run_steps(2);
    harness.get_by_label("Change the rule of plant/+/+/raw").click();
    harness.run_steps(2);
    assert_eq!(field(&harness, "Decoder options").value().as_deref(), Some(&LAYOUT[7..]));
    choose(&mut harness, "XML");
    harness.get_by_label("Save rule").click();
    harness.run_steps(2);
    let replaced =
        DecoderAction::Replace { filter: "plant/+/+/raw".to_owned(), rule: rule("plant/+/+/raw", "xml") };
    assert_eq!(asked(&harness), [DecoderAction::Remove("plant/#".to_owned()), replaced]);
}

#[test]
fn a_rule_that_cannot_be_used_says_why_in_the_list() {
    let mut harness = open(prepared(&[("a", "numbers:u7"), ("b", "nothing")]));
    harness.run_steps(2);
    harness.get_by_label_contains("numbers:u7: byte 1 of the layout");
    harness.get_by_label_contains("nothing: there is no format of that name");
}

#[test]
fn the_tree_shows_values_as_the_rules_read_them_and_follows_a_change() {
    let mut stage = Stage::new(TopicsView::default());
    stage.receive("raw", SENSOR, NOW);
    stage.rules = Rules::new([Rule::new("raw", "struct:u16le temp/100, i8 rssi")]);
    let mut harness = stage_of(stage, vec2(480.0, 200.0), Theme::Dark);
    harness.run_steps(2);
    let said = |harness: &Harness<'_, Stage<TopicsView>>| {
        harness.get_by_role_and_label(Role::TreeItem, "raw").accesskit_node().description().unwrap()
    };
    assert!(said(&harness).starts_with(r#"{"temp":21.5,"rssi":-67}"#), "{}", said(&harness));
    harness.state_mut().rules = Rules::default();
    harness.run_steps(8);
    assert!(said(&harness).starts_with("(3 B) 66 08 bd"), "{}", said(&harness));
}

#[test]
fn the_tree_marks_a_topic_whose_newest_message_breaks_its_schema() {
    let mut stage = Stage::new(TopicsView::default());
    stage.receive("plant/a", br#"{"temp":"warm"}"#, NOW);
    stage.receive("plant/b", br#"{"temp":21}"#, NOW);
    stage.model.expand_all();
    let files = SchemaFiles::new(|_| Ok(br#"{"properties":{"temp":{"type":"number"}}}"#.to_vec()));
    stage.rules = Rules::new([Rule::with_files("plant/+", "json:reading.schema.json", &files)]);
    let mut harness = stage_of(stage, vec2(480.0, 200.0), Theme::Dark);
    let said = |harness: &Harness<'_, Stage<TopicsView>>, row: &str| {
        let node = harness.query_by_role_and_label(Role::TreeItem, row);
        node.and_then(|node| node.accesskit_node().description()).unwrap_or_default()
    };
    let why = "breaks its schema at temp: \"warm\" is not of type \"number\"";
    until(&mut harness, "the mark", |harness| said(harness, "a").contains(why));
    assert!(!said(&harness, "b").contains("breaks"), "{}", said(&harness, "b"));
}

#[test]
fn the_rules_and_their_preview_look_as_they_should() {
    const RULES: &[(&str, &str)] = &[
        ("plant/#", "cbor"),
        ("plant/+/+/raw", LAYOUT),
        ("hall/+/vibration", "numbers:f32le"),
        ("plant/hall-1/press-03/vibration", "numbers:u7"),
    ];
    pictures("decoders", vec2(1_000.0, 260.0), || prepared(RULES));
}

#[test]
fn each_format_of_the_demonstration_is_read_as_it_is_meant() {
    let broker = demo::start().unwrap();
    let options =
        ConnectOptions { host: "127.0.0.1".to_owned(), port: broker.port(), ..ConnectOptions::default() };
    let (woken, wakes) = mpsc::sync_channel(1);
    let wake = Arc::new(move || {
        // A wake that waits already is enough.
        woken.try_send(()).unwrap_or_default();
    });
    let session = Session::open(options, Secrets::default(), Limits::default(), wake);
    let files = SchemaFiles::new(|path| Ok(demo::schema(path).unwrap_or_default().into()));
    let rule = |(filter, decoder): &(&str, &str)| Rule::with_files(*filter, *decoder, &files);
    let rules = Rules::new(demo::DECODERS.iter().map(rule));
    let mut readings = Readings::default();
    let end = Instant::now() + Duration::from_mins(1);
    loop {
        session.looked();
        let mut model = session.model().lock();
        model.roll_up(NOW);
        let missing = [
            ("formats/cbor/battery", "\"serial\":\"h'1f00b702'\""),
            ("formats/messagepack/charger", "\"state\":\"charging\""),
            ("formats/protobuf/robot", "\"name\":\"weld-02\""),
            ("formats/gzip/cistern", "gzip → {"),
            ("formats/layout/cellar", "\"temp\":1"),
            ("spBv1.0/Plant/DDATA/Edge/press", "\"Hydraulics/Pressure\":"),
        ]
        .map(|(topic, text)| {
            let node = model.find(topic.as_bytes()).and_then(|node| model.node(node));
            let shown = node.and_then(|node| node.topic).map(|topic| {
                let choice = readings.choice_of(&model, &rules, &topic.newest);
                preview(topic.newest.payload(), choice.as_ref(), 1_000)
            });
            (!shown.as_ref().is_some_and(|shown| shown.contains(text))).then_some((topic, shown))
        });
        drop(model);
        if missing.iter().all(Option::is_none) {
            return;
        }
        assert!(Instant::now() < end, "{missing:?}");
        wakes.recv_timeout(Duration::from_secs(1)).unwrap_or_default();
    }
}
