from artifacts import MavenArtifact, PythonDistribution


def test_a_maven_artifact_is_named_by_its_coordinates_and_file():
    artifact = MavenArtifact(
        group="org.example", artifact="engine", version="3.5.0", packaging="zip", sha256="ab"
    )
    assert artifact.coordinates == "org.example:engine:zip:3.5.0"
    assert artifact.file_name == "engine-3.5.0.zip"


def test_a_python_distribution_is_named_as_pip_names_it():
    distribution = PythonDistribution(name="runtime", version="25.0", sha256="ab")
    assert distribution.coordinates == "runtime==25.0"
    assert distribution.file_name == "runtime-25.0.whl"
