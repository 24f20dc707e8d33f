//! The decoder rules of a profile, prepared for its session. A rule with a schema reads files, which a job does; until
//! then its topics are read as if it were not there.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::app::{App, demo_plots};
use crate::command::Tool;
use crate::demo;
use crate::panels::plots::PlotsView;
use crate::payload::decode::OutsideReader;
use crate::payload::schema::{SCHEMA_BYTES_MAX, SchemaFiles};
use crate::query::{OutsideProgram, Rule, Rules, names_a_file};
use crate::store::profiles::DecoderRule;
use crate::store::read_below;
use crate::ui::job::{Job, JobProgress};

/// Rules whose schemas a job reads, as they are meanwhile.
pub(in crate::app) struct Preparing {
    meanwhile: Rules,
    job: Job<Rules>,
}

/// The programs that may read payloads, by the lines that start them. A copy shares them with the original.
#[derive(Clone, Debug, Default)]
pub(in crate::app) struct AllowedPrograms(Arc<RwLock<HashSet<String>>>);

impl AllowedPrograms {
    /// The programs that were allowed before.
    pub fn new(lines: &[String]) -> Self {
        Self(Arc::new(RwLock::new(lines.iter().cloned().collect())))
    }

    /// Whether a program may run.
    pub fn is_allowed(&self, line: &str) -> bool {
        self.0.read().contains(line)
    }

    /// Lets a program run.
    pub fn allow(&self, line: &str) {
        self.0.write().insert(line.to_owned());
    }
}

/// Reads schemas from this folder on, and those of the demonstration from the program itself.
pub(in crate::app) fn schema_files(folder: PathBuf, programs: &AllowedPrograms) -> SchemaFiles {
    let programs = programs.clone();
    let files = SchemaFiles::new(move |path| match demo::schema(path) {
        Some(text) => Ok(text.into()),
        None => read_below(&folder, path, SCHEMA_BYTES_MAX),
    });
    files.with_programs(move |line| {
        let program = || Arc::new(OutsideProgram::new(line)) as Arc<dyn OutsideReader>;
        programs.is_allowed(line).then(program)
    })
}

/// The rules as they stand in a profile.
pub(in crate::app) fn written(rules: &Rules) -> Vec<DecoderRule> {
    let written = |rule: &Rule| DecoderRule { filter: rule.filter.clone(), decoder: rule.decoder.clone() };
    rules.iter().map(written).collect()
}

impl App {
    /// Makes the session that is shown that of the embedded broker: its first topic, and the decoders of its devices.
    pub(in crate::app) fn make_demo(&mut self) {
        let rule = |(filter, decoder): &(&str, &str)| DecoderRule {
            filter: (*filter).to_owned(),
            decoder: (*decoder).to_owned(),
        };
        let rules: Vec<DecoderRule> = demo::DECODERS.iter().map(rule).collect();
        let rules = self.prepare_rules(&rules);
        let ctx = self.ctx.clone();
        let plots = PlotsView::of(&demo_plots::pages(self.storage.language()));
        if let Some(tab) = self.active_tab_mut() {
            tab.demo = true;
            tab.view.tools.plots = plots;
            tab.view.tools.shown = Tool::Plots;
            tab.view.opens_tools = true;
            tab.first = Some(demo::SHOWCASE);
            tab.set_rules(rules, &ctx);
        }
        self.read_drafts();
    }

    /// Prepares the rules of a profile.
    pub(in crate::app) fn prepare_rules(&mut self, rules: &[DecoderRule]) -> Rules {
        let files = self.storage.schema_files.clone();
        let any_file = rules.iter().any(|rule| names_a_file(&rule.decoder));
        let meanwhile = Rules::new(rules.iter().map(|DecoderRule { filter, decoder }| {
            if names_a_file(decoder) { Rule::waiting(filter, decoder) } else { Rule::new(filter, decoder) }
        }));
        let meanwhile = meanwhile.reading(files.clone());
        if any_file {
            let rules = rules.to_vec();
            let job = Job::spawn("read schemas", &self.ctx, move |_| {
                let rule = |rule: &DecoderRule| Rule::with_files(&rule.filter, &rule.decoder, &files);
                Rules::new(rules.iter().map(rule)).reading(files.clone())
            });
            self.preparing.push(Preparing { meanwhile: meanwhile.clone(), job });
        }
        meanwhile
    }

    /// Takes over rules whose schemas were read, unless they were changed since.
    pub(in crate::app) fn collect_rules(&mut self) {
        let Self { preparing, tabs, ctx, .. } = self;
        preparing.retain(|Preparing { meanwhile, job }| match job.poll() {
            JobProgress::Running => true,
            JobProgress::Done(prepared) => {
                for tab in tabs.iter_mut().filter(|tab| tab.rules == *meanwhile) {
                    tab.set_rules(prepared.clone(), ctx);
                }
                false
            }
            JobProgress::Failed => false,
        });
    }
}
