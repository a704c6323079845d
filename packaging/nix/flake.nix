# Builds ibid from this checkout: `nix run 'git+file://'$PWD'?dir=packaging/nix' -- demo`.
{
  description = "A language server that makes paper citations in Markdown research notes live";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forAll = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
      # The flake stands in a folder of the repository, whose root is the crate.
      source = ../..;
      crate = (fromTOML (builtins.readFile (source + "/Cargo.toml"))).package;
    in
    {
      packages = forAll (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = crate.name;
          inherit (crate) version;
          src = source;
          cargoLock.lockFile = source + "/Cargo.lock";
          # The tests start editors' conversations and take as long as the build; they run where ibid is developed.
          doCheck = false;
          env.IBID_COMMIT = self.shortRev or self.dirtyShortRev or "";
          nativeBuildInputs = [ pkgs.installShellFiles ];
          postInstall = pkgs.lib.optionalString (pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform) ''
            $out/bin/ibid man man1
            installManPage man1/*.1
            installShellCompletion --cmd ibid \
              --bash <($out/bin/ibid completions bash) \
              --fish <($out/bin/ibid completions fish) \
              --zsh <($out/bin/ibid completions zsh)
          '';
          meta = {
            inherit (crate) description;
            license = with pkgs.lib.licenses; [
              mit
              asl20
            ];
            mainProgram = "ibid";
          };
        };
      });
      devShells = forAll (pkgs: {
        default = pkgs.mkShell { inputsFrom = [ self.packages.${pkgs.stdenv.hostPlatform.system}.default ]; };
      });
    };
}
