//! Processes that are killed while they save. Everything reported as saved must exist, and nothing may be damaged.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use mqttree::mqtt::options::ConnectOptions;
use mqttree::store::{self, Paths, Profile};

use crate::tally::Tally;

/// The argument that makes this program the child to be killed.
pub const CHILD: &str = "--child-that-saves";
/// How long the child lives after its first save at most, in microseconds.
const LIFE_US_MAX: u64 = 40_000;
/// How many profiles a file may hold before an empty folder is used.
const PROFILES_MAX: usize = 200;

pub fn run(tally: &mut Tally) {
    let mut folder = tempfile::tempdir().unwrap();
    let mut saved = 0;
    while tally.goes_on() {
        let life = Duration::from_micros(tally.rng.u64(0..LIFE_US_MAX));
        let mut found = 0;
        tally.attempt(&format!("killed {life:?} after its first save"), |_| {
            found = kill(folder.path(), life, saved)?;
            Ok(())
        });
        saved = found;
        if found > PROFILES_MAX {
            folder = tempfile::tempdir().unwrap();
            saved = 0;
        }
    }
}

/// Starts a child that saves, kills it, and returns how many profiles exist then.
fn kill(folder: &Path, life: Duration, before: usize) -> Result<usize, String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD.as_ref(), folder.as_os_str()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = said.next();
    std::thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
    let first = first.ok_or("it saved nothing")?.unwrap();
    let last = said.map_while(Result::ok).last().unwrap_or(first);
    let promised: usize = last.parse().map_err(|_| format!("it said {last:?}"))?;

    let opened = store::open(&Paths::under(folder), || {}).map_err(|error| error.to_string())?;
    if !opened.notices.is_empty() {
        return Err(format!("it left damage: {:?}", opened.notices));
    }
    let found = opened.profiles.len();
    if found < promised.max(before) {
        return Err(format!("{promised} were saved, {found} are there"));
    }
    let names = opened.profiles.iter().map(|profile| profile.name.clone());
    if !names.eq((0..found).map(name)) {
        return Err("the profiles are not those that were saved".to_owned());
    }
    Ok(found)
}

/// Keeps saving one more profile, printing the number of profiles each time.
pub fn child(folder: &str) -> ExitCode {
    let opened = store::open(&Paths::under(Path::new(folder)), || {}).unwrap();
    let mut profiles = opened.profiles;
    loop {
        profiles.add(Profile::new(name(profiles.len()), ConnectOptions::default()));
        opened.saver.save_profiles(&profiles);
        if opened.saver.flush(Duration::from_mins(1)) {
            println!("{}", profiles.len());
            std::io::stdout().flush().unwrap();
        }
    }
}

fn name(number: usize) -> String {
    format!("{number:04} {}", "x".repeat(2_000))
}
