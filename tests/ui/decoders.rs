//! The panel of decoder rules, and what rules change in the tree.

use eframe::egui::accesskit::Role;
use eframe::egui::{Theme, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::command::{Action, DecoderAction};
use mqttree::panels::decoders::DecodersView;
use mqttree::panels::topics::TopicsView;
use mqttree::query::{Rule, Rules};
use mqttree::store::profiles::DecoderRule;

use crate::harness::{NOW, Stage, stage_of};
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
    stage_of(stage, vec2(1_000.0, 700.0), Theme::Dark)
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

fn preview(harness: &View) -> String {
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
    assert!(preview(&harness).starts_with("66 08 bd"), "{}", preview(&harness));
    choose(&mut harness, "Layout");
    field(&harness, "Decoder options").focus();
    harness.run_steps(2);
    field(&harness, "Decoder options").type_text("u16le temp/100, i8 rssi");
    harness.run_steps(3);
    assert_eq!(preview(&harness), "{\n  \"temp\": 21.5,\n  \"rssi\": -67\n}");
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
    choose(&mut harness, "Hex");
    harness.get_by_label("Save rule").click();
    harness.run_steps(2);
    let replaced =
        DecoderAction::Replace { filter: "plant/+/+/raw".to_owned(), rule: rule("plant/+/+/raw", "hex") };
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
    let shown = |harness: &Harness<'_, Stage<TopicsView>>| {
        harness.get_by_role_and_label(Role::TreeItem, "raw").accesskit_node().description().unwrap()
    };
    assert!(shown(&harness).starts_with(r#"{"temp":21.5,"rssi":-67}"#), "{}", shown(&harness));
    harness.state_mut().rules = Rules::default();
    harness.run_steps(8);
    assert!(shown(&harness).starts_with("(3 B) 66 08 bd"), "{}", shown(&harness));
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
