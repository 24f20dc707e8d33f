# shellcheck shell=bash
# What the scripts share: saying, failing, and installing what the machine lacks. Sourced, never run.
#
# On Debian and Ubuntu what is missing is installed without a question, as root or through sudo, and the
# package lists are fetched only when something is missing. Elsewhere it is named and the script ends.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Where cargo builds; a relative folder counts from the root, where every script works.
target=${CARGO_TARGET_DIR:-target}
[[ $target == /* ]] || target=$root/$target

# Each line: a Debian package and a command that tells, on systems without apt, whether it is there.
packages_to_build='
build-essential            cc
ca-certificates            -
'
packages_to_draw='
libegl1                    -
libfontconfig1             -
libgl1                     -
libgl1-mesa-dri            -
libxcursor1                -
libxi6                     -
libxkbcommon-x11-0         -
libxrandr2                 -
xkb-data                   -
mesa-vulkan-drivers        -
fonts-dejavu-core          -
fonts-droid-fallback       -
'
packages_for_a_private_desktop='
xvfb                       Xvfb
dbus-x11                   dbus-run-session
dbus-bin                   dbus-send
at-spi2-core               -
python3                    python3
python3-gi                 -
gir1.2-atspi-2.0           -
xdotool                    xdotool
imagemagick                import
'
# shellcheck disable=SC2034 # scripts/test uses it
packages_to_read_exports='
python3                    python3
python3-pip                -
'
# shellcheck disable=SC2034 # scripts/test uses it
packages_for_brokers='
mosquitto                  mosquitto
mosquitto-clients          mosquitto_passwd
openssl                    openssl
'

say() {
    printf '\n==> %s\n' "$*" >&2
}

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root and there is no sudo: $*"
    fi
}

is_installed() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# has_candidate PACKAGE [VERSION]: whether apt can install it, at least at that version.
has_candidate() {
    local version
    version=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
    [[ -n $version && $version != '(none)' ]] && dpkg --compare-versions "$version" ge "${2:-0}"
}

apt_install() {
    # Without this, packages would stop to ask about time zones and services.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@" >&2
}

# need_packages TABLE...: installs, or on other systems names, what is missing of the tables above.
need_packages() {
    local package command missing=()
    while read -r package command; do
        [[ -n $package ]] || continue
        if command -v apt-get >/dev/null; then
            is_installed "$package" || missing+=("$package")
        elif [[ $command != - ]] && ! command -v "$command" >/dev/null; then
            missing+=("$command (Debian: $package)")
        fi
    done <<<"$*"
    ((${#missing[@]})) || return 0
    if ! command -v apt-get >/dev/null; then
        die "missing on this system: $(printf '%s\n' "${missing[@]}" | paste -s -d ,)"
    fi
    say "Installing ${missing[*]}"
    as_root apt-get update >&2
    apt_install "${missing[@]}"
}

# need_rust: cargo, rustfmt and clippy, at least at the rust-version of Cargo.toml.
need_rust() {
    local wanted found
    wanted=$(sed -n 's/^rust-version = "\([0-9.]*\)".*/\1/p' "$root/Cargo.toml")
    if ! command -v cargo >/dev/null && [[ -x $HOME/.cargo/bin/cargo ]]; then
        PATH=$HOME/.cargo/bin:$PATH # installed, but this shell is older
    fi
    if ! command -v cargo >/dev/null && command -v apt-get >/dev/null; then
        say "Installing Rust"
        as_root apt-get update >&2
        if has_candidate rustup; then
            apt_install rustup
            rustup default stable >&2
        elif has_candidate cargo-web "$wanted"; then
            # Debian 12 carries a newer Rust beside its own, for browsers.
            apt_install cargo-web rustc-web rustfmt-web rust-web-clippy
        fi
    fi
    command -v cargo >/dev/null || die "Rust $wanted or newer is missing: install it with rustup"
    found=$(cargo --version | sed -n 's/^cargo \([0-9.]*\).*/\1/p')
    [[ $(printf '%s\n' "$wanted" "$found" | sort --version-sort | head -n 1) == "$wanted" ]] ||
        die "cargo is $found and mqttree needs $wanted: rustup update stable"
    cargo fmt --version >/dev/null 2>&1 || die "rustfmt is missing: rustup component add rustfmt"
    cargo clippy --version >/dev/null 2>&1 || die "clippy is missing: rustup component add clippy"
}

# need_to_build, need_a_private_desktop: the usual sets.
need_to_build() {
    need_packages "$packages_to_build"
    need_rust
}

need_a_private_desktop() {
    need_packages "$packages_to_draw" "$packages_for_a_private_desktop"
}
