class Ibid < Formula
  desc "Language server that makes paper citations in Markdown notes live"
  homepage "@@repository@@"
  version "@@version@@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@@download@@/@@archive:aarch64-apple-darwin@@"
      sha256 "@@sha256:aarch64-apple-darwin@@"
    end
    on_intel do
      url "@@download@@/@@archive:x86_64-apple-darwin@@"
      sha256 "@@sha256:x86_64-apple-darwin@@"
    end
  end

  on_linux do
    on_arm do
      url "@@download@@/@@archive:aarch64-unknown-linux-gnu@@"
      sha256 "@@sha256:aarch64-unknown-linux-gnu@@"
    end
    on_intel do
      url "@@download@@/@@archive:x86_64-unknown-linux-gnu@@"
      sha256 "@@sha256:x86_64-unknown-linux-gnu@@"
    end
  end

  def install
    bin.install "ibid"
    man1.install Dir["man/man1/*.1"]
    bash_completion.install "completions/ibid.bash" => "ibid"
    fish_completion.install "completions/ibid.fish"
    zsh_completion.install "completions/_ibid"
    pkgshare.install "editors/neovim"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ibid --version")
    (testpath/"papers.bib").write "@misc{orca, title = {Orca}, author = {Mukherjee, S.}, year = {2023}}\n"
    assert_match "Orca", shell_output("#{bin}/ibid search orca")
  end
end
