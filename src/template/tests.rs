use std::borrow::Cow;

use proptest::prelude::*;

use super::*;
use crate::message::Timestamp;

struct Known;

impl Lookup for Known {
    fn variable(&self, name: &str) -> Option<Cow<'_, str>> {
        (name == "room").then_some(Cow::Borrowed("{{kitchen}}"))
    }

    fn value(&self, topic: &str, path: &str) -> Option<String> {
        (topic == "a b/c" && path != ".no").then(|| format!("<{path}>"))
    }
}

/// 2026-01-02T03:04:05.678901Z
const NOW: Timestamp = Timestamp(1_767_323_045_678_901);

fn filled(text: &str) -> String {
    let mut filling = Filling::new(NOW, 3, &Known);
    filling.set_topic("lamp/set");
    Template::parse(text).unwrap().fill(&mut filling).unwrap()
}

fn problem(text: &str) -> (TemplateProblem, TemplateSpot) {
    let mut filling = Filling::new(NOW, 3, &Known);
    let error = Template::parse(text).and_then(|template| template.fill(&mut filling)).unwrap_err();
    (error.problem, error.spot)
}

#[test]
fn placeholders_are_replaced_and_nothing_else_is() {
    assert_eq!(filled("{\"a\": {}} }} { {{ counter }}\n"), "{\"a\": {}} }} { 3\n");
    assert_eq!(filled("{{now}} {{now_ms}} {{iso}}"), "1767323045 1767323045678 2026-01-02T03:04:05.678Z");
    assert_eq!(filled("{{topic}}"), "lamp/set");
    assert_eq!(filled(r"\{{counter}} is {{counter}}"), "{{counter}} is 3");
}

#[test]
fn a_variable_is_inserted_as_it_is() {
    assert_eq!(filled("{{room}}/{{room}}"), "{{kitchen}}/{{kitchen}}", "a value is no template");
}

#[test]
fn a_value_of_another_topic_is_looked_up() {
    assert_eq!(filled("{{value \"a b/c\" .temp}} {{value 'a b/c'}}"), "<.temp> <>");
    let (why, _) = problem("{{value 'a b/c' .no}}");
    assert_eq!(why, TemplateProblem::NoValue { topic: "a b/c".to_owned(), path: ".no".to_owned() });
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let (why, spot) = problem("{\n  \"温\": {{nobody}}}");
    assert_eq!(why, TemplateProblem::UnknownVariable("nobody".to_owned()));
    assert_eq!((spot.line, spot.column), (2, 8));
    assert_eq!(&"{\n  \"温\": {{nobody}}}"[spot.start..spot.end], "{{nobody}}");
    let why = |text: &str| problem(text).0;
    assert_eq!(why("a {{now"), TemplateProblem::Unclosed);
    assert_eq!(why("{{ }}"), TemplateProblem::Empty);
    assert_eq!(why("{{pick 'a}}"), TemplateProblem::UnclosedQuote);
    assert_eq!(why("{{dice 1 6}}"), TemplateProblem::UnknownFunction("dice".to_owned()));
    assert_eq!(why("{{random 1}}"), TemplateProblem::Arguments(FunctionName::Random));
    assert_eq!(why("{{random 1 x}}"), TemplateProblem::Arguments(FunctionName::Random));
    assert_eq!(why("{{random 6 1}}"), TemplateProblem::Reversed(FunctionName::Random));
    assert_eq!(why("{{sin 0 1 2}}"), TemplateProblem::Arguments(FunctionName::Sin));
    assert_eq!(why("{{random_float 0 inf}}"), TemplateProblem::Arguments(FunctionName::RandomFloat));
    assert_eq!(why("{{topic}}"), TemplateProblem::NoTopic);
}

#[test]
fn the_same_seed_gives_the_same_text() {
    let template =
        Template::parse("{{random 1 1000000}} {{uuid}} {{random_float 0 1}} {{pick a b c}}").unwrap();
    let with = |seed| template.fill(&mut Filling::new(NOW, 1, &Known).seeded(seed)).unwrap();
    assert_eq!(with(7), with(7));
    assert_ne!(with(7), with(8));
}

#[test]
fn a_uuid_says_that_it_is_random() {
    let text = filled("{{uuid}}");
    let parts: Vec<_> = text.split('-').map(str::len).collect();
    assert_eq!(parts, [8, 4, 4, 4, 12]);
    assert_eq!(&text[14..15], "4");
    assert!("89ab".contains(&text[19..20]), "{text}");
    assert_ne!(filled("{{uuid}}{{uuid}}")[..36], filled("{{uuid}}{{uuid}}")[36..]);
}

#[test]
fn a_sine_reaches_its_limits_and_keeps_their_decimals() {
    let template = Template::parse("{{sin 4 -1.000 1}}").unwrap();
    let at = |ms: i64| template.fill(&mut Filling::new(Timestamp(ms * 1_000), 1, &NoLookup)).unwrap();
    assert_eq!([at(0), at(1_000), at(3_000)], ["0.000", "1.000", "-1.000"]);
}

#[test]
fn all_sides_of_a_die_come_up() {
    let template = Template::parse("{{random -1 1}}").unwrap();
    let mut seen: Vec<_> =
        (0..200).map(|n| template.fill(&mut Filling::new(NOW, n, &NoLookup)).unwrap()).collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen, ["-1", "0", "1"]);
}

#[test]
fn the_largest_range_does_not_overflow() {
    assert!(filled("{{random -9223372036854775808 9223372036854775807}}").parse::<i64>().is_ok());
}

#[test]
fn a_filled_text_is_bounded() {
    struct Large;
    impl Lookup for Large {
        fn variable(&self, _name: &str) -> Option<Cow<'_, str>> {
            Some("x".repeat(1 << 20).into())
        }
        fn value(&self, _topic: &str, _path: &str) -> Option<String> {
            None
        }
    }
    let template = Template::parse(&"{{x}}".repeat(100)).unwrap();
    let error = template.fill(&mut Filling::new(NOW, 1, &Large)).unwrap_err();
    assert_eq!(error.problem, TemplateProblem::TooLong);
}

#[test]
fn every_example_works() {
    struct Any;
    impl Lookup for Any {
        fn variable(&self, _name: &str) -> Option<Cow<'_, str>> {
            None
        }
        fn value(&self, _topic: &str, _path: &str) -> Option<String> {
            Some("1".to_owned())
        }
    }
    for usage in FunctionName::USAGES {
        let template = Template::parse(&usage.name.example()).unwrap();
        let mut filling = Filling::new(NOW, 1, &Any);
        filling.set_topic("t");
        assert_ne!(template.fill(&mut filling).unwrap(), "", "{usage:?}");
        assert!(!template.is_plain() && !is_variable_name(usage.name.word()));
    }
}

#[test]
fn every_example_of_the_page_works() {
    struct Any;
    impl Lookup for Any {
        fn variable(&self, name: &str) -> Option<Cow<'_, str>> {
            match name {
                "room" => Some(Cow::Borrowed("kitchen")),
                "payload" => Some(Cow::Borrowed("ON")), // of a reply
                _ => None,
            }
        }
        fn value(&self, topic: &str, path: &str) -> Option<String> {
            let known = [("plant/line1", ".temp"), ("payload", ".id"), ("payload", ".state")];
            known.contains(&(topic, path)).then(|| "21.5".to_owned())
        }
    }
    let page = include_str!("../../docs/publishing.md");
    let examples: Vec<&str> = page.split('`').skip(1).step_by(2).filter(|code| code.contains("}}")).collect();
    let mut filled = 0;
    for example in &examples {
        if example.contains('…') || *example == "{{ }}" {
            continue;
        }
        let mut filling = Filling::new(NOW, 1, &Any);
        filling.set_topic("t");
        let text = Template::parse(example).unwrap().fill(&mut filling);
        assert!(text.is_ok_and(|text| !text.contains("{{")), "{example}");
        filled += 1;
    }
    assert!(filled >= 12, "{filled} examples are left");
}

proptest! {
    #[test]
    fn text_without_braces_stays_as_it_is(text in "[^{]*") {
        prop_assert_eq!(filled(&text), text);
    }

    #[test]
    fn no_text_makes_it_panic(text in "(\\{\\{|\\}\\}|[a-z \"'\\\\温]|now|pick|random){0,30}") {
        if let Ok(template) = Template::parse(&text) {
            drop(template.fill(&mut Filling::new(NOW, 1, &Known)));
        }
    }
}
