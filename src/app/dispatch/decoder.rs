//! Carries out actions on decoder rules.

use crate::app::App;
use crate::app::decoders;
use crate::command::{Dangerous, DecoderAction};
use crate::query::program_of;
use crate::store::Profile;
use crate::store::profiles::DecoderRule;

impl App {
    /// Carries out an action on the decoder rules of the session that is shown.
    pub(super) fn decoder(&mut self, action: DecoderAction) {
        let Some(tab) = self.active_tab() else { return };
        let mut rules: Vec<DecoderRule> = decoders::written(&tab.rules);
        let set = match &action {
            DecoderAction::Set(rule) | DecoderAction::Replace { rule, .. } => Some(rule.decoder.clone()),
            DecoderAction::Remove(_) => None,
        };
        change(&mut rules, action);
        let (profile, number) = (tab.profile.clone(), tab.number);
        let prepared = self.prepare_rules(&rules);
        for tab in &mut self.tabs {
            if tab.number == number || (profile.is_some() && tab.profile == profile) {
                tab.set_rules(prepared.clone(), &self.ctx);
            }
        }
        let program = set.as_deref().and_then(program_of);
        if let Some(line) = program.filter(|line| !self.storage.programs.is_allowed(line)) {
            self.asked = Some(Dangerous::AllowProgram(line.to_owned()));
        }
        let profile = profile.and_then(|id| self.storage.profiles.get(&id)).cloned();
        if let Some(profile) = profile {
            let profile = Profile { decoders: rules, ..profile };
            self.connections.reload(&profile);
            self.storage.profiles.update(profile);
            self.storage.save_profiles();
        }
    }
}

impl App {
    /// Lets a program read payloads from now on, and prepares the rules that wait for it.
    pub(super) fn allow_program(&mut self, line: &str) {
        self.storage.programs.allow(line);
        self.change_settings(|settings| {
            if !settings.allowed_programs.iter().any(|known| known == line) {
                settings.allowed_programs.push(line.to_owned());
            }
        });
        let waiting = self.tabs.iter().map(|tab| (tab.number, decoders::written(&tab.rules)));
        let names = |rules: &[DecoderRule]| rules.iter().any(|rule| program_of(&rule.decoder) == Some(line));
        let waiting: Vec<_> = waiting.filter(|(_, rules)| names(rules)).collect();
        for (number, rules) in waiting {
            let prepared = self.prepare_rules(&rules);
            if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) {
                tab.set_rules(prepared, &self.ctx);
            }
        }
    }
}

fn change(rules: &mut Vec<DecoderRule>, action: DecoderAction) {
    match action {
        DecoderAction::Set(rule) => set(rules, rule),
        DecoderAction::Replace { filter, rule } => {
            let place = rules.iter().position(|old| old.filter == filter);
            rules.retain(|old| old.filter != filter && old.filter != rule.filter);
            rules.insert(place.unwrap_or(rules.len()).min(rules.len()), rule);
        }
        DecoderAction::Remove(filter) => rules.retain(|rule| rule.filter != filter),
    }
}

fn set(rules: &mut Vec<DecoderRule>, rule: DecoderRule) {
    match rules.iter_mut().find(|old| old.filter == rule.filter) {
        Some(old) => *old = rule,
        None => rules.push(rule),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> DecoderRule {
        let (filter, decoder) = text.split_once(' ').unwrap();
        DecoderRule { filter: filter.to_owned(), decoder: decoder.to_owned() }
    }

    #[test]
    fn a_filter_has_one_rule_and_a_changed_rule_stays_at_its_place() {
        let mut rules = vec![rule("a cbor"), rule("b xml"), rule("c json")];
        change(&mut rules, DecoderAction::Set(rule("b hex")));
        change(&mut rules, DecoderAction::Set(rule("d text")));
        change(&mut rules, DecoderAction::Replace { filter: "a".to_owned(), rule: rule("e cbor") });
        assert_eq!(rules, [rule("e cbor"), rule("b hex"), rule("c json"), rule("d text")]);
        // Onto the filter of another rule, which gives way.
        change(&mut rules, DecoderAction::Replace { filter: "b".to_owned(), rule: rule("d hex") });
        assert_eq!(rules, [rule("e cbor"), rule("d hex"), rule("c json")]);
        change(&mut rules, DecoderAction::Remove("c".to_owned()));
        assert_eq!(rules, [rule("e cbor"), rule("d hex")]);
    }
}
