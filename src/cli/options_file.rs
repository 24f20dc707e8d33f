//! `-o FILE`: options from a file in the format of mosquitto_sub and mosquitto_pub: one per line, followed by a space
//! and its value; `#` begins a comment.
//!
//! The option parser sees them before those of the command line, which take precedence for options that occur once.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::cli::Unusable;
use crate::words::cli::Usage;

/// Inserts the files' options after the program's name. After `--` nothing is an option.
pub(super) fn expand(args: impl IntoIterator<Item = OsString>) -> Result<Vec<OsString>, Unusable> {
    let given: Vec<OsString> = args.into_iter().collect();
    let mut from_files = Vec::new();
    let mut behind = given.iter().skip(1).take_while(|arg| *arg != "--");
    while let Some(arg) = behind.next() {
        if (arg == "-o" || arg == "--options")
            && let Some(file) = behind.next()
        {
            from_files.extend(read(Path::new(file))?);
        }
    }
    let mut given = given.into_iter();
    Ok(given.next().into_iter().chain(from_files).chain(given).collect())
}

fn read(file: &Path) -> Result<Vec<OsString>, Unusable> {
    let wrong = |error: std::io::Error| Usage::OptionsFile { file: PathBuf::from(file), error: error.into() };
    let text = std::fs::read_to_string(file).map_err(wrong)?;
    Ok(text.lines().flat_map(words).map(OsString::from).collect())
}

/// Splits a line into an option and its value, which may contain spaces. A property has three or four words.
fn words(line: &str) -> Vec<&str> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Vec::new();
    }
    let Some((option, value)) = line.split_once([' ', '\t']) else { return vec![line] };
    let value = value.trim();
    let mut words = vec![option];
    if option == "-D" || option == "--property" {
        words.extend(value.splitn(4, ' '));
    } else {
        words.push(value);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_option_and_the_command_line_comes_last() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(
            file.path(),
            "# mine\n-h example.org\n\n--quiet\n-t a b\n-D connect user-property n v w\n",
        )
        .unwrap();
        let path = file.path().as_os_str().to_owned();
        let args = ["mqttree sub".into(), "-o".into(), path.clone(), "-q".into(), "1".into()];
        let expected = [
            "mqttree sub",
            "-h",
            "example.org",
            "--quiet",
            "-t",
            "a b",
            "-D",
            "connect",
            "user-property",
            "n",
            "v w",
            "-o",
        ];
        let mut expected: Vec<OsString> = expected.into_iter().map(Into::into).collect();
        expected.extend([path, "-q".into(), "1".into()]);
        assert_eq!(expand(args).unwrap(), expected);
        assert!(expand(["x".into(), "-o".into(), "/no/such".into()]).is_err());
    }
}
