class Mqttree < Formula
  desc "Desktop MQTT explorer with a live topic tree"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    url "@REPOSITORY@/releases/download/v@VERSION@/mqttree-@VERSION@-macos-universal.tar.gz"
    sha256 "@MAC_SHA256@"
  end

  on_linux do
    url "@REPOSITORY@/releases/download/v@VERSION@/mqttree-@VERSION@-linux-x86_64.tar.xz"
    sha256 "@LINUX_SHA256@"
  end

  def install
    if OS.mac?
      prefix.install "mqttree.app"
      bin.write_exec_script prefix/"mqttree.app/Contents/MacOS/mqttree"
    else
      bin.install "bin/mqttree"
      man1.install Dir["share/man/man1/*"]
      share.install "share/applications", "share/icons", "share/metainfo"
    end
    generate_completions_from_executable(bin/"mqttree", "completions", shells: [:bash, :zsh, :fish])
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/mqttree version")
  end
end
